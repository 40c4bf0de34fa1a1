"""In-memory twins of the ports, for tests of what stands on them.

``InProcessSandbox`` runs Python programs in the caller's own process. **It isolates nothing**: a program that exits
the process, forks, or takes all memory does that to the caller, so it is for programs that one trusts, such as a
package's references and honest or plainly wrong solutions. What it does keep of the contract:

- loading and calling, with the frames of the program's own files in a traceback, and every way of not answering but a
  signal;
- a namespace of its own for each box, made again for each call with isolation "test";
- freshly decoded arguments for each call, arrays as NumPy's; the answer as bytes;
- the CPU limit, by a profiling timer that raises inside the program: only in the main thread, and only when the
  program returns to the interpreter or does not swallow BaseException;
- the limit on output, and on the answer's size; the audit of a call;
- a program run as a script, with isolation "process", as far as it uses ``sys.stdin`` and ``sys.stdout`` as text;
- its conversation with a partner: ``judge.testing_talk``.

Memory, processes, the wall limit, the hash seed and interrupts are not looked at: ``memory_peak_bytes`` and
``oom_kills`` are 0.
"""

from __future__ import annotations

import contextlib
import gc
import io
import platform
import random
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import CodeType, FrameType, ModuleType, TracebackType
from typing import Any

import numpy as np

from judge.errors import EnvironmentFault, SubmissionError
from judge.harness import forms, wire
from judge.model.program import ANSWER
from judge.model.run import Audit, BurstOutcome, Captured, Frame, Isolation, Killer, Limits, Raised, RunOutcome, Stage
from judge.model.signature import form_of
from judge.model.toolchain import ANSWERS, DEFAULT_RUNTIME
from judge.ports import BoxSpec, Burst, Call, Oracles
from judge.testing_talk import Voice, converse, wall_timer

_CAPTURED_BYTES = 64 * 1024  # kept of each stream
_AGAIN_S = 0.001  # of CPU time, until a run that could not be stopped is stopped
_INNERMOST = 10  # frames in which a finalizer is looked for


class InProcessSandbox:
    """Opens boxes in this process; see the module for what it does not do."""

    path = "in-process"
    slot = 0
    runtimes: tuple[str, ...] = (DEFAULT_RUNTIME,)  # that this interpreter's packages stand for

    def describe_toolchain(self, language: str, runtime: str = DEFAULT_RUNTIME) -> str:
        """This interpreter and its NumPy. Raises SubmissionError for another language, EnvironmentFault."""
        if language == ANSWER:
            return ANSWERS
        if language not in ("python3", "sqlite"):
            raise SubmissionError("program.language", f"expected python3 or sqlite, found {language!r}")
        if runtime not in self.runtimes:
            raise EnvironmentFault(f"expected one of the runtimes {', '.join(self.runtimes)}, found {runtime!r}")
        return f"CPython {platform.python_version()}, numpy {np.__version__}, in process"

    @contextlib.contextmanager
    def open(self, spec: BoxSpec) -> Iterator[InProcessBox]:
        """A box whose modules are forgotten when the context is left."""
        self.describe_toolchain(spec.program.language, spec.runtime)
        known, digits = dict(sys.modules), sys.get_int_max_str_digits()
        with tempfile.TemporaryDirectory(prefix="judge-box-") as directory:
            for file in spec.program.files:
                (Path(directory) / file.path).write_bytes(file.content)
                sys.modules.pop(file.path.removesuffix(".py"), None)
            sys.path.insert(0, directory)
            try:
                yield InProcessBox(spec, Path(directory))
            finally:
                sys.path.remove(directory)
                sys.set_int_max_str_digits(digits)
                _forget_modules(Path(directory), known)


class InProcessBox:
    """One loaded program."""

    def __init__(self, spec: BoxSpec, directory: Path) -> None:
        self._spec = spec
        self._directory = directory
        self._code: CodeType | None = None
        self._function: Callable[..., object] | None = None
        self._session: Callable[..., object] | None = None  # made for a call with more, and kept for the next one
        self._voice: Voice | None = None  # in a conversation
        self.alive = True

    def load(self) -> RunOutcome:
        """Compiles and loads the program."""
        if self._spec.program.language == "sqlite":
            return self._load_query()
        main = self._spec.program.main
        run = _Run(self._directory, self._spec.load_limits)
        self._code = run.of(lambda: compile(main.content, str(self._directory / main.path), "exec", dont_inherit=True))
        if self._code is None:
            return self._end(run, Stage.COMPILE)
        if self._spec.isolation is Isolation.PROCESS:
            return RunOutcome(stage=Stage.LOAD, loaded=True, cpu_ns=run.cpu_ns, wall_ns=run.wall_ns)
        missing = None
        try:
            self._function = run.of(self._execute)
        except forms.Missing as found:
            missing = str(found)
        return self._end(run, Stage.LOAD, entry_point_missing=missing, loaded=self._function is not None)

    def call(self, call: Call) -> RunOutcome:
        """Makes one call, with arguments decoded for it alone; or runs the program, once."""
        partner = call.partner
        if partner is not None:
            other: Any = partner.box
            return converse(
                lambda voice: self._spoken(call, voice), lambda voice: other._spoken(partner.call, voice), partner
            )
        if self._spec.isolation is Isolation.PROCESS:
            return self._run_script(call)
        run = _Run(self._directory, call.limits)
        function = self._function
        if self._spec.isolation is Isolation.TEST:
            function = self._session or run.of(self._execute_anew)
            self._session = function if call.more else None
        if function is None or not self.alive:
            raise RuntimeError("a call of a box that has not loaded or is dead")
        arguments = list(_revive(wire.decode(call.arguments)).values())
        audit = None if call.audit_seed is None else _Auditor(call.audit_seed, arguments)
        given = [*arguments]
        if call.oracles is not None:
            for name, position in call.oracles.positions.items():
                given.insert(position, run.oracle(call.oracles, name))
        plain = len(given) - len(call.keywords)
        named = dict(zip(call.keywords, given[plain:], strict=True))
        result = run.of(lambda: (function(*given[:plain], **named),))
        run.over = True
        facts = None if audit is None else audit.close()
        if result is None:
            return self._end(run, Stage.CALL)
        return self._end(run, Stage.CALL, audit=facts, **_encoded(result[0], call.limits))

    def burst(self, burst: Burst) -> BurstOutcome:
        """Makes these calls, as far as each has an answer and its audit notices nothing."""
        made: list[RunOutcome] = []
        for number, arguments in enumerate(burst.arguments):
            only = Burst(
                arguments=[arguments],
                limits=burst.limits,
                audit_seeds=burst.audit_seeds[number : number + 1],
                keywords=burst.keywords[number : number + 1],
            )
            made.append(self.call(only.first))
            if made[-1].answer is None or made[-1].audit not in (None, Audit()):
                break
        return burst_of(made, whole=burst.whole)

    def _load_query(self) -> RunOutcome:
        """Has SQLite read the query."""
        run, main = _Run(self._directory, self._spec.load_limits), self._spec.program.main
        query = forms.Query(form_of(self._spec.signature), main.content, main.path)
        run.of(query.explain)
        if run.facts:
            return self._end(run, Stage.COMPILE)
        self._function = query
        return self._end(run, Stage.LOAD, loaded=True)

    def _spoken(self, call: Call, voice: Voice) -> RunOutcome:
        """Makes one call in a conversation."""
        self._voice = voice
        with wall_timer(call.limits.wall_ns, _stop_waiting):
            return self.call(replace(call, partner=None))

    def _execute_anew(self) -> Callable[..., object] | None:
        """As ``_execute``, with the program's other files imported again as well; a query has nothing to execute."""
        if self._spec.program.language == "sqlite":
            return self._function
        _forget_modules(self._directory, {})
        return self._execute()

    def _run_script(self, call: Call) -> RunOutcome:
        """Runs the program as ``__main__``; an exception is told on standard error, with status 1."""
        assert self._code is not None
        for name, content in self._spec.files.items():
            (self._directory / name).write_bytes(content)
        run = _Run(self._directory, call.limits, kept_bytes=call.limits.output_bytes, voice=self._voice)
        module = ModuleType("__main__")
        module.__file__ = self._code.co_filename
        arguments: Any = wire.decode(call.arguments)
        with _as_script(module, arguments, self._spec.stdin, self._voice):
            done = run.of(lambda: self._executed(module))
            run.stdout.flush()
        facts = dict(run.facts)
        raised = facts.pop("raised", None)
        if raised is not None:
            run.stderr.write(f"{raised.type_name}: {raised.message}\n")
        facts.setdefault("exit_code", 0 if done else None if "killer" in facts else 1)
        self.alive, written = False, run.stdout.captured()
        return RunOutcome(
            stage=Stage.CALL,
            cpu_ns=run.cpu_ns,
            wall_ns=run.wall_ns,
            stdout=Captured(data=written.data[:_CAPTURED_BYTES], total_bytes=written.total_bytes),
            stderr=run.stderr.captured(),
            answer=wire.encode(written.data) if facts["exit_code"] == 0 else None,
            **facts,
        )

    def _executed(self, module: ModuleType) -> bool:
        assert self._code is not None
        exec(self._code, module.__dict__)
        return True

    def _execute(self) -> Callable[..., object] | None:
        """Runs the module's own statements; returns the entry point if it is callable."""
        assert self._code is not None
        main, entry, form = self._spec.program.main.path, self._spec.entry_point, form_of(self._spec.signature)
        module = ModuleType(main.removesuffix(".py"))
        module.__file__ = self._code.co_filename
        sys.modules[module.__name__] = module
        forms.prepare(form, module, entry)
        exec(self._code, module.__dict__)
        function: Callable[..., object] = forms.adapt(form, module, entry, main)
        return function

    def _end(self, run: _Run, stage: Stage, **told: Any) -> RunOutcome:
        if run.facts.get("killer") is not None or self._function is None:
            self.alive = False
        return RunOutcome(
            stage=stage,
            cpu_ns=run.cpu_ns,
            wall_ns=run.wall_ns,
            stdout=run.stdout.captured(),
            stderr=run.stderr.captured(),
            **run.facts,
            **told,
        )


class _Stop(BaseException):
    """Raised inside a program to stop it."""

    def __init__(self, killer: Killer, oracle_stop: str | None = None) -> None:
        self.killer = killer
        self.oracle_stop = oracle_stop


def _stop_waiting() -> None:
    raise _Stop(Killer.WALL)


class _Run:
    """The steps of one run: their times, what they print, and what ended them."""

    def __init__(
        self, directory: Path, limits: Limits, kept_bytes: int = _CAPTURED_BYTES, voice: Voice | None = None
    ) -> None:
        self.cpu_ns = 0
        self.wall_ns = 0
        self.facts: dict[str, Any] = {}
        self.over = False
        self._directory = directory
        self._limits = limits
        spent = [0]  # bytes on both streams
        self.stdout = _Stream(spent, limits.output_bytes, kept_bytes, voice)
        self.stderr = _Stream(spent, limits.output_bytes)

    def of[T](self, step: Callable[[], T]) -> T | None:
        """Returns what ``step`` returns; None when it does not, and then ``facts`` says why."""
        cpu, wall = time.process_time_ns(), time.monotonic_ns()
        try:
            with (
                _redirected(self.stdout, self.stderr),
                _cpu_timer(self._limits.cpu_ns - self.cpu_ns),
                warnings.catch_warnings(),
            ):
                warnings.simplefilter("ignore", DeprecationWarning)  # libraries have threads, and programs may fork
                return step()
        except _Stop as stop:
            self.facts = {"killer": stop.killer, "oracle_stop": stop.oracle_stop}
        except forms.Missing:
            raise
        except SystemExit as leaving:
            self.facts = {"exit_code": leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)}
        except BaseException as error:
            self.facts = {"raised": _describe(error, self._directory)}
        finally:
            self.cpu_ns += time.process_time_ns() - cpu
            self.wall_ns += time.monotonic_ns() - wall
        return None

    def oracle(self, oracles: Oracles, name: str) -> Callable[..., object]:
        """A function that asks the judge's side; the time that an answer takes is not the program's."""

        def ask(*arguments: object) -> object:
            if self.over:
                raise RuntimeError(f"the oracle {name!r} was asked after the call that it was given to")
            question = wire.encode(arguments)
            cpu, wall = time.process_time_ns(), time.monotonic_ns()
            with _redirected(sys.__stdout__, sys.__stderr__), _paused_timer():
                reply = oracles.ask(name, question)
            self.cpu_ns -= time.process_time_ns() - cpu
            self.wall_ns -= time.monotonic_ns() - wall
            if reply.stop is not None:
                raise _Stop(reply.stop, reply.message)
            if reply.error is not None:
                raise (TypeError if reply.wrong_type else ValueError)(reply.error)
            return _revive(wire.decode(reply.value or b""))

        return ask


class _Stream(io.TextIOBase):
    """A text stream that counts bytes against a limit shared by both streams."""

    def __init__(
        self, spent: list[int], limit: int, kept_bytes: int = _CAPTURED_BYTES, voice: Voice | None = None
    ) -> None:
        self._kept_bytes = kept_bytes
        self._voice = voice
        self._unsaid = bytearray()  # in a conversation: what is not flushed
        self._spent = spent
        self._limit = limit
        self._data = bytearray()
        self._total = 0

    def write(self, text: str) -> int:
        data = text.encode("utf-8", "replace")
        self._spent[0] += len(data)
        self._total += len(data)
        self._data += data[: max(0, self._kept_bytes - len(self._data))]
        if self._spent[0] > self._limit:
            raise _Stop(Killer.OUTPUT)
        if self._voice is not None:
            self._unsaid += data
            if len(self._unsaid) >= io.DEFAULT_BUFFER_SIZE:
                self.flush()
        return len(text)

    def flush(self) -> None:
        if self._voice is not None:
            self._voice.say(bytes(self._unsaid))
            self._unsaid.clear()

    def captured(self) -> Captured:
        return Captured(data=bytes(self._data), total_bytes=self._total)


@contextlib.contextmanager
def _as_script(module: ModuleType, arguments: list[str], stdin: bytes, voice: Voice | None = None) -> Iterator[None]:
    """Makes ``module`` the one that is run, with a command line and a standard input, and puts back what was there."""
    saved = sys.modules["__main__"], sys.argv, sys.stdin
    sys.modules["__main__"], sys.argv = module, [str(module.__file__), *arguments]
    written = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8", errors="surrogateescape")
    sys.stdin = written if voice is None else voice.stdin
    try:
        yield
    finally:
        sys.modules["__main__"], sys.argv, sys.stdin = saved


@contextlib.contextmanager
def _redirected(stdout: Any, stderr: Any) -> Iterator[None]:
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        yield


@contextlib.contextmanager
def _cpu_timer(limit_ns: int) -> Iterator[None]:
    """Raises _Stop in the main thread when the process has used ``limit_ns`` more of CPU time."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, frame: FrameType | None) -> None:
        if _is_told_nobody(frame):
            signal.setitimer(signal.ITIMER_PROF, _AGAIN_S)
            return
        raise _Stop(Killer.CPU)

    previous = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, max(limit_ns, 1_000_000) / 1e9)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


def _is_told_nobody(frame: FrameType | None) -> bool:
    """Whether what is raised here goes nowhere: in a callback of the garbage collector, or a finalizer."""
    callbacks = {getattr(callback, "__code__", None) for callback in gc.callbacks}
    for _ in range(_INNERMOST):
        if frame is None:
            return False
        if frame.f_code in callbacks or frame.f_code.co_name == "__del__":
            return True
        frame = frame.f_back
    return False


@contextlib.contextmanager
def _paused_timer() -> Iterator[None]:
    """Stops the timer of the run around, and goes on with it afterwards."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    left, _ = signal.setitimer(signal.ITIMER_PROF, 0)
    handler = signal.getsignal(signal.SIGPROF)
    try:
        yield
    finally:
        signal.signal(signal.SIGPROF, handler)
        signal.setitimer(signal.ITIMER_PROF, left)


class _Auditor:
    """Notices a change of the arguments or of a global random generator; puts the generators back as they were."""

    def __init__(self, seed: int, arguments: list[Any]) -> None:
        self._saved = random.getstate(), np.random.get_state()
        random.seed(seed)
        np.random.seed(seed % 2**32)
        self._arguments = arguments
        self._before = wire.encode(arguments)
        self._states = _generator_states()

    def close(self) -> Audit:
        changed = _generator_states() != self._states
        random.setstate(self._saved[0])
        np.random.set_state(self._saved[1])
        try:
            mutated = wire.encode(self._arguments) != self._before
        except (TypeError, wire.WireError):
            mutated = True
        return Audit(input_mutated=mutated, global_random_changed=changed)


def _generator_states() -> tuple[object, ...]:
    name, keys, *rest = np.random.get_state(legacy=True)
    return (random.getstate(), name, np.asarray(keys).tobytes(), *rest)


def _encoded(value: object, limits: Limits) -> dict[str, Any]:
    """Returns the facts of a returned value: its bytes, or why it has none."""
    try:
        answer = wire.encode(value)
    except (wire.LimitError, MemoryError, RecursionError) as error:
        return {"too_large": str(error)}
    except Exception as error:
        return {"unencodable": str(error)}
    return {"answer": answer} if len(answer) <= limits.answer_bytes else {"too_large": f"{len(answer)} bytes"}


def burst_of(made: Sequence[RunOutcome], *, whole: bool = False) -> BurstOutcome:
    """Returns calls that were made one by one as a burst: their times divided evenly, or all told of the last."""
    cpu_ns, wall_ns = sum(outcome.cpu_ns for outcome in made), sum(outcome.wall_ns for outcome in made)
    others = [(outcome.answer or b"", outcome.audit) for outcome in made[:-1]]
    cpu, wall = (0, 0) if whole else (cpu_ns // len(made), wall_ns // len(made))
    last = replace(
        made[-1],
        cpu_ns=cpu_ns - cpu * len(others),
        wall_ns=wall_ns - wall * len(others),
        memory_peak_bytes=max(outcome.memory_peak_bytes for outcome in made),
        stdout=_joined([outcome.stdout for outcome in made]),
        stderr=_joined([outcome.stderr for outcome in made]),
    )
    return BurstOutcome(others=others, cpu_ns=cpu, wall_ns=wall, last=last)


def _joined(parts: Sequence[Captured]) -> Captured:
    return Captured(data=b"".join(part.data for part in parts), total_bytes=sum(part.total_bytes for part in parts))


def _revive(value: Any) -> Any:
    """Returns a decoded value with its arrays as NumPy's, which the program may change."""
    if isinstance(value, wire.Array):
        return np.frombuffer(bytearray(value.data), dtype=value.dtype).reshape(value.shape)
    if isinstance(value, list) and value and type(value[0]) in (bool, int, float, str):
        return value
    if isinstance(value, (list, tuple)):
        return type(value)(map(_revive, value))
    if isinstance(value, dict):
        return {key: _revive(item) for key, item in value.items()}
    return value


def _describe(error: BaseException, directory: Path) -> Raised:
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).parent == directory:
        frame = Frame(
            file=Path(error.filename).name,
            line=error.lineno or 0,
            function="<module>",
            source=(error.text or "").strip(),
        )
        return Raised(type_name=type(error).__name__, message=error.msg, frames=(frame,))
    frames = tuple(_frames(error.__traceback__, directory))
    return Raised(type_name=type(error).__name__, message=str(error), frames=frames)


def _frames(step: TracebackType | None, directory: Path) -> Iterator[Frame]:
    while step is not None:
        path, line = Path(step.tb_frame.f_code.co_filename), step.tb_lineno
        if path.parent == directory:
            source = path.read_text(errors="replace").split("\n")[line - 1].strip()
            yield Frame(file=path.name, line=line, function=step.tb_frame.f_code.co_name, source=source)
        step = step.tb_next


def _forget_modules(directory: Path, known: dict[str, ModuleType]) -> None:
    """Removes what the program imported from its own files, and brings back what it stood in front of."""
    for name, module in list(sys.modules.items()):
        if Path(getattr(module, "__file__", None) or "/").parent == directory:
            del sys.modules[name]
    for name, module in known.items():
        sys.modules.setdefault(name, module)


class InProcessCompanions:
    """The port ``Companions``: each role has a sandbox in this process."""

    def sandbox(self, role: str) -> InProcessSandbox:
        """A sandbox, whatever the role."""
        return InProcessSandbox()
