"""The limits of a problem: ``limits`` in ``problem.yaml`` (seconds, MiB, KiB) and in ``judge.yaml`` (with units)."""

from __future__ import annotations

from collections.abc import Callable

from judge.model.run import Limits
from judge.spec.locations import Document, Step
from judge.spec.schema import ExtraLimits, FormatLimits
from judge.units import NANOSECONDS, format_bytes, format_ns, parse_bytes, parse_duration_ns

KIB, MIB, SECOND, MILLISECOND = 1024, 1024**2, NANOSECONDS, NANOSECONDS // 1000

MIN_TIME, MAX_TIME = MILLISECOND, 60 * SECOND
MAX_WALL = 600 * SECOND
MIN_MEMORY, MAX_MEMORY = 16 * MIB, 8192 * MIB
MAX_OUTPUT = 64 * MIB
MAX_CODE = 1024 * KIB
MIN_ANSWER, MAX_ANSWER = KIB, 256 * MIB
MAX_PROCESSES = 256

DEFAULT_MEMORY = 1024 * MIB
DEFAULT_OUTPUT = 8 * MIB
DEFAULT_CODE = 128 * KIB
DEFAULT_LOAD_TIME = 10 * SECOND
COMPILER_PROCESSES = 16  # driver, compiler, assembler, linker
COMPILER_MEMORY = 1024 * MIB  # of a compiler, unless the package says otherwise or gives its solutions more


def wall_guard_ns(cpu_ns: int) -> int:
    """The wall time that guards a CPU limit unless the package says otherwise: three times as long, and a second."""
    return 3 * cpu_ns + SECOND


def case_limits(problem: Document, given: FormatLimits, judge: Document, extra: ExtraLimits) -> Limits:
    """The limits of one call. Raises SpecError with what is out of range."""
    cpu = _cpu_ns(problem, given)
    memory = DEFAULT_MEMORY if given.memory is None else given.memory * MIB
    output = DEFAULT_OUTPUT if given.output is None else given.output * MIB
    _in_range(problem, memory, MIN_MEMORY, MAX_MEMORY, format_bytes, "limits", "memory")
    _in_range(problem, output, MIB, MAX_OUTPUT, format_bytes, "limits", "output")
    wall = _duration(judge, extra.wall_time, wall_guard_ns(cpu), "wall_time")
    _in_range(judge, wall, cpu, MAX_WALL, format_ns, "limits", "wall_time")
    answer = _size(judge, extra.answer, 16 * MIB, "answer")
    _in_range(judge, answer, MIN_ANSWER, MAX_ANSWER, format_bytes, "limits", "answer")
    processes = 32 if extra.processes is None else extra.processes
    _in_range(judge, processes, 1, MAX_PROCESSES, str, "limits", "processes")
    return Limits(
        cpu_ns=cpu,
        wall_ns=wall,
        memory_bytes=memory,
        output_bytes=output,
        answer_bytes=answer,
        processes=processes,
    )


def load_limits(
    problem: Document, given: FormatLimits, judge: Document, extra: ExtraLimits, case: Limits, *, compiled: bool
) -> Limits:
    """The limits of compiling and loading; what is not given is as for a call, but with ten seconds of CPU time, and
    with memory for a compiler when there is a language that needs one."""
    compilation = DEFAULT_LOAD_TIME if given.compilation_time is None else given.compilation_time * SECOND
    _in_range(problem, compilation, MIN_TIME, MAX_TIME, format_ns, "limits", "compilation_time")
    default = max(case.memory_bytes, COMPILER_MEMORY) if compiled else case.memory_bytes
    memory = default if given.compilation_memory is None else given.compilation_memory * MIB
    _in_range(problem, memory, MIN_MEMORY, MAX_MEMORY, format_bytes, "limits", "compilation_memory")
    cpu = _duration(judge, extra.load_time, compilation, "load_time")
    _in_range(judge, cpu, MIN_TIME, MAX_TIME, format_ns, "limits", "load_time")
    memory = _size(judge, extra.load_memory, memory, "load_memory")
    _in_range(judge, memory, MIN_MEMORY, MAX_MEMORY, format_bytes, "limits", "load_memory")
    return Limits(
        cpu_ns=cpu,
        wall_ns=wall_guard_ns(cpu),
        memory_bytes=memory,
        output_bytes=case.output_bytes,
        answer_bytes=case.answer_bytes,
        processes=max(case.processes, COMPILER_PROCESSES) if compiled else case.processes,
    )


def code_bytes(problem: Document, given: FormatLimits) -> int:
    """The largest source accepted."""
    size = DEFAULT_CODE if given.code is None else given.code * KIB
    _in_range(problem, size, KIB, MAX_CODE, format_bytes, "limits", "code")
    return size


def _cpu_ns(problem: Document, given: FormatLimits) -> int:
    if given.time_limit is None:
        raise problem.error("missing key 'limits.time_limit': seconds of CPU time of one test", "limits")
    low, high = MIN_TIME / SECOND, MAX_TIME / SECOND
    if not low <= given.time_limit <= high:  # NaN and infinity too
        message = f"limits.time_limit: expected seconds from {low:g} to {high:g}, found {given.time_limit:g}"
        raise problem.error(message, "limits", "time_limit")
    return round(given.time_limit * SECOND)


def _duration(document: Document, text: str | None, default: int, key: str) -> int:
    return default if text is None else _parsed(document, parse_duration_ns, text, key)


def _size(document: Document, text: str | None, default: int, key: str) -> int:
    return default if text is None else _parsed(document, parse_bytes, text, key)


def _parsed(document: Document, parse: Callable[[str], int], text: str, key: str) -> int:
    try:
        return parse(text)
    except ValueError as error:
        raise document.error(f"limits.{key}: {error}", "limits", key) from None


def _in_range(document: Document, value: int, low: int, high: int, show: Callable[[int], str], *path: Step) -> None:
    if not low <= value <= high:
        name = ".".join(map(str, path))
        raise document.error(f"{name}: expected {show(low)} to {show(high)}, found {show(value)}", *path)
