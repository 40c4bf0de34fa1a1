"""From facts to a verdict: the one place where a RunOutcome is judged.

The order matters: what the kernel and our clocks saw comes before what the submission's process told. An answer counts
only when nothing else was wrong."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass

from judge.model.run import Killer, Limits, RunOutcome, Stage
from judge.model.verdict import Reason, Verdict
from judge.units import format_bytes, format_ns

_REFUSED_ALLOCATIONS = ("MemoryError", "std::bad_alloc", "java.lang.OutOfMemoryError")
_REFUSED_THREAD = "unable to create native thread"  # which Java tells as a lack of memory
_IDLE_FRACTION = 10  # a wall limit reached with less than a tenth of it as CPU time is idleness


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """Why a run has no answer that could be checked."""

    verdict: Verdict
    reason: Reason
    message: str


def classify(outcome: RunOutcome, limits: Limits) -> Failure | None:
    """Returns the failure that the facts show, or None when there is an answer (or a loaded module) to go on with."""
    if _is_spotless(outcome, limits):
        return None
    for rule in _RULES:
        failure = rule(outcome, limits)
        if failure is not None:
            return _of_compiling(failure) if outcome.stage is Stage.COMPILE else failure
    return None


def _is_spotless(outcome: RunOutcome, limits: Limits) -> bool:
    """Whether there is an answer and nothing that any rule looks at: most runs, at a fraction of all rules' cost."""
    return (
        outcome.answer is not None
        and outcome.killer is None
        and not outcome.oom_kills
        and outcome.cpu_ns <= limits.cpu_ns
        and not outcome.exit_code
        and outcome.signal is None
        and outcome.stdout.total_bytes + outcome.stderr.total_bytes <= limits.output_bytes
        and outcome.raised is None
        and outcome.too_large is None
        and outcome.unencodable is None
        and outcome.protocol_error is None
        and outcome.entry_point_missing is None
    )


def _of_compiling(failure: Failure) -> Failure:
    """Whatever happens before the source is code is a compile error."""
    timed = failure.verdict is Verdict.TIME_LIMIT_EXCEEDED
    if failure.verdict is Verdict.CANCELLED:
        return failure
    reason = Reason.COMPILE_TIME if timed else failure.reason
    if failure.reason in (Reason.EXCEPTION, Reason.ALLOCATION_REFUSED):  # the parser's own limits raise MemoryError
        reason = Reason.SYNTAX
    return Failure(verdict=Verdict.COMPILE_ERROR, reason=reason, message=failure.message)


def _cancelled(outcome: RunOutcome, _limits: Limits) -> Failure | None:
    if outcome.killer is Killer.CANCELLED:
        return Failure(verdict=Verdict.CANCELLED, reason=Reason.CLIENT_CANCELLED, message="cancelled")
    if outcome.killer is Killer.DEADLINE:
        return Failure(verdict=Verdict.CANCELLED, reason=Reason.DEADLINE, message="the deadline of the request passed")
    return None


def _oracle(outcome: RunOutcome, _limits: Limits) -> Failure | None:
    """An oracle that could not be answered is no fault of the asker's, whatever else was wrong."""
    if outcome.killer is not Killer.FAULT:
        return None
    message = f"an oracle could not be answered: {outcome.oracle_stop}"
    return Failure(verdict=Verdict.JUDGE_ERROR, reason=Reason.ORACLE, message=message)


def _budget(outcome: RunOutcome, _limits: Limits) -> Failure | None:
    if outcome.killer is not Killer.BUDGET:
        return None
    message = outcome.oracle_stop or "it asked an oracle more often than it may"
    return Failure(verdict=Verdict.WRONG_ANSWER, reason=Reason.BUDGET_EXCEEDED, message=message)


def _forbidden(outcome: RunOutcome, _limits: Limits) -> Failure | None:
    if outcome.signal != signal.SIGSYS:
        return None
    message = "it made a system call that no solution needs"
    return Failure(verdict=Verdict.SECURITY_VIOLATION, reason=Reason.FORBIDDEN_SYSCALL, message=message)


def _memory(outcome: RunOutcome, limits: Limits) -> Failure | None:
    if outcome.oom_kills == 0 and outcome.killer is not Killer.MEMORY:
        return None
    message = f"it used more memory than {format_bytes(limits.memory_bytes)}"
    return Failure(verdict=Verdict.MEMORY_LIMIT_EXCEEDED, reason=Reason.OUT_OF_MEMORY, message=message)


def _allocation(outcome: RunOutcome, limits: Limits) -> Failure | None:
    """An uncaught MemoryError, C++'s bad_alloc, Java's OutOfMemoryError: the machine refused what the limit forbids
    anyhow. A mere claim."""
    if outcome.raised is None or outcome.raised.type_name not in _REFUSED_ALLOCATIONS:
        return None
    if outcome.raised.message.startswith(_REFUSED_THREAD):
        return None
    message = f"it asked for more memory than there is; it may use {format_bytes(limits.memory_bytes)}"
    return Failure(verdict=Verdict.MEMORY_LIMIT_EXCEEDED, reason=Reason.ALLOCATION_REFUSED, message=message)


def _time(outcome: RunOutcome, limits: Limits) -> Failure | None:
    if outcome.killer is Killer.CPU or outcome.cpu_ns > limits.cpu_ns:
        reason = Reason.CPU_TIME
        message = f"it needed more than {format_ns(limits.cpu_ns)} of CPU time"
    elif outcome.killer is Killer.WALL:
        idle = outcome.cpu_ns * _IDLE_FRACTION < max(limits.wall_ns, outcome.wall_ns)
        reason = Reason.IDLE if idle else Reason.WALL_TIME
        message = f"it was not done after {format_ns(limits.wall_ns)}"
        message += f", of which it computed {format_ns(outcome.cpu_ns)}" if idle else ""
    else:
        return None
    return Failure(verdict=Verdict.TIME_LIMIT_EXCEEDED, reason=reason, message=message)


def _output(outcome: RunOutcome, limits: Limits) -> Failure | None:
    printed = outcome.stdout.total_bytes + outcome.stderr.total_bytes
    if outcome.killer is Killer.OUTPUT or printed > limits.output_bytes:
        reason = Reason.OUTPUT_SIZE
        message = f"it printed more than {format_bytes(limits.output_bytes)}"
    elif outcome.killer is Killer.ANSWER or outcome.too_large is not None:
        reason = Reason.ANSWER_SIZE
        message = f"it returned more than can be taken: {outcome.too_large or format_bytes(limits.answer_bytes)}"
    else:
        return None
    return Failure(verdict=Verdict.OUTPUT_LIMIT_EXCEEDED, reason=reason, message=message)


def _entry_point(outcome: RunOutcome, _limits: Limits) -> Failure | None:
    if outcome.entry_point_missing is None:
        return None
    return Failure(verdict=Verdict.COMPILE_ERROR, reason=Reason.ENTRY_POINT, message=outcome.entry_point_missing)


def _exception(outcome: RunOutcome, _limits: Limits) -> Failure | None:
    if outcome.raised is None:
        return None
    line = outcome.raised.frames[-1].line if outcome.raised.frames else 0
    where = f", line {line}" if line else ""
    said = f": {outcome.raised.message}" if outcome.raised.message else ""
    message = f"{outcome.raised.type_name}{said}{where}"
    return Failure(verdict=Verdict.RUNTIME_ERROR, reason=Reason.EXCEPTION, message=message)


def _protocol(outcome: RunOutcome, _limits: Limits) -> Failure | None:
    if outcome.protocol_error is None and outcome.killer is not Killer.PROTOCOL:
        return None
    message = f"it wrote to the judge's own channel: {outcome.protocol_error or 'something else than an answer'}"
    return Failure(verdict=Verdict.RUNTIME_ERROR, reason=Reason.PROTOCOL, message=message)


def _signal(outcome: RunOutcome, _limits: Limits) -> Failure | None:
    if outcome.signal is None:
        return None
    try:
        name = signal.Signals(outcome.signal).name
    except ValueError:
        name = f"signal {outcome.signal}"
    return Failure(verdict=Verdict.RUNTIME_ERROR, reason=Reason.SIGNAL, message=f"it was ended by {name}")


def _unencodable(outcome: RunOutcome, _limits: Limits) -> Failure | None:
    if outcome.unencodable is None:
        return None
    return Failure(verdict=Verdict.WRONG_ANSWER, reason=Reason.WRONG_TYPE, message=outcome.unencodable)


def _exit(outcome: RunOutcome, _limits: Limits) -> Failure | None:
    if outcome.exit_code:
        message = f"it ended with exit status {outcome.exit_code}"
        return Failure(verdict=Verdict.RUNTIME_ERROR, reason=Reason.EXIT_STATUS, message=message)
    if (outcome.answer is None and not outcome.loaded) or outcome.killer is Killer.PARTNER:
        message = "it ended without an answer"
        return Failure(verdict=Verdict.RUNTIME_ERROR, reason=Reason.NO_ANSWER, message=message)
    return None


_RULES: tuple[Callable[[RunOutcome, Limits], Failure | None], ...] = (
    _cancelled,
    _oracle,
    _forbidden,
    _memory,
    _time,
    _output,
    _budget,
    _entry_point,
    _allocation,
    _exception,
    _protocol,
    _signal,
    _unencodable,
    _exit,
)
