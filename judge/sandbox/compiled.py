"""A box whose program is compiled first: in a jail of its own, in the same slot, unless it was compiled before.

The compiler's jail sees the toolchain and the sources and nothing else. Its init, which is ours, hands the program out
as bytes over the channel; nothing that the compiler wrote is ever opened outside. Its limits are those of loading. What
it printed is the outcome's standard error. The program's own jail is started when that one is gone; it gets the program
as a descriptor of a sealed memory file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace

from judge.errors import EnvironmentFault
from judge.model.digest import digest_of
from judge.model.program import Program
from judge.model.run import BurstOutcome, Captured, Isolation, Limits, Raised, RunOutcome
from judge.model.signature import Form
from judge.model.text import visible
from judge.model.toolchain import Compiler, Toolchain
from judge.ports import BoxSpec, Burst, Call, Observer
from judge.sandbox.artefacts import ArtefactCache, executable
from judge.sandbox.box import SlotBox
from judge.sandbox.conversation import Building
from judge.sandbox.duet import Calls
from judge.sandbox.streams import Lines
from judge.sandbox.supervisor import Supervisor

ARTEFACT_BYTES = 64 << 20
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./+-]*\Z")
_TOO_LARGE = re.compile(rb"File size limit exceeded|File too large|No space left on device")
_ERROR = re.compile(r"^(\S+:\d+:(?:\d+:)?) (?:fatal )?error: (.*)$", re.MULTILINE)

OpenCompiler = Callable[[Compiler], AbstractContextManager[SlotBox]]
StartProgram = Callable[[int], SlotBox]


class CompiledBox:
    """The port ``Box`` for a compiled language."""

    def __init__(
        self,
        toolchain: Toolchain,
        spec: BoxSpec,
        cache: ArtefactCache | None,
        observer: Observer,
        stack: ExitStack,
        *,
        compiler: OpenCompiler,
        program: StartProgram,
    ) -> None:
        self._toolchain = toolchain
        self._spec = spec
        self._cache = cache
        self._observer = observer
        self._stack = stack
        self._open_compiler = compiler
        self._start_program = program
        self._box: SlotBox | None = None

    @property
    def alive(self) -> bool:
        """Whether another call can be made."""
        return self._box is not None and self._box.alive

    def load(self) -> RunOutcome:
        """Compiles the program, if need be, and loads it."""
        program, failure = self._program()
        if failure is not None:
            return failure
        self._stack.callback(os.close, program)
        self._box = self._start_program(program)
        return self._box.load()

    def call(self, call: Call) -> RunOutcome:
        """Makes one call."""
        return self._running.call(call)

    def burst(self, burst: Burst) -> BurstOutcome:
        """Makes the first of these calls alone."""
        return BurstOutcome(last=self.call(burst.first))

    @property
    def lines(self) -> Lines:
        """Those of the program's own box."""
        return self._running.lines

    @property
    def supervisor(self) -> Supervisor:
        """That of the program's own box."""
        return self._running.supervisor

    def calling(self, call: Call) -> Calls:
        """As ``call``, but the caller waits."""
        return self._running.calling(call)

    @property
    def _running(self) -> SlotBox:
        if self._box is None:
            raise RuntimeError("a call of a box that has not loaded")
        return self._box

    def _program(self) -> tuple[int, RunOutcome | None]:
        """Returns a descriptor of the program, or why there is none."""
        work = work_of(self._toolchain, self._spec)
        if self._cache is None:
            return self._compiled(work)
        digest = digest_of([self._toolchain.digest, work])
        kept = self._cache.kept(digest)
        if kept is not None:
            self._observer.count("judge_compile_cache_total", {"result": "hit"})
            return kept, None
        with self._cache.claimed(digest, self._spec.interrupt):
            found = self._cache.get(digest)
            self._observer.count("judge_compile_cache_total", {"result": "miss" if found is None else "hit"})
            program, failure = (found, None) if found is not None else self._compiled(work, digest)
        if failure is None:
            self._cache.keep(digest, program)
        return program, failure

    def _compiled(self, work: Work, digest: str | None = None) -> tuple[int, RunOutcome | None]:
        limits = replace(self._spec.load_limits, answer_bytes=ARTEFACT_BYTES)
        with self._open_compiler(_compiler(self._toolchain)) as box:
            outcome, building = box.build(work.files, limits, work.sources)
        failure = failure_of(outcome, building, limits, self._spec, _compiler(self._toolchain).undeclared)
        if failure is not None:
            return -1, failure
        if self._cache is not None and digest is not None:
            self._cache.put(digest, building.artefact)
        return executable(building.artefact), None


def _compiler(toolchain: Toolchain) -> Compiler:
    if toolchain.compiler is None:
        raise EnvironmentFault(f"{toolchain.language} is not a compiled language")
    return toolchain.compiler


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """What a compiler is given."""

    files: dict[str, bytes]  # by their paths
    sources: tuple[str, ...] = ()  # those that it is given by name: of a whole program


def work_of(toolchain: Toolchain, spec: BoxSpec) -> Work:
    """Returns what is compiled: a whole program, or a driver with the file that it includes."""
    if spec.isolation is Isolation.PROCESS:
        return _whole(toolchain, spec.program)
    return Work(files=sources(toolchain, spec))


def _whole(toolchain: Toolchain, program: Program) -> Work:
    """Every source file of the program is compiled; the others, headers say, lie beside them."""
    files, named = {}, []
    for at, file in enumerate(program.files):
        source = at == 0 or file.path.endswith(toolchain.suffixes)
        path = file.path if _PLAIN_PATH.match(file.path) else f"source{at}{toolchain.suffix if source else ''}"
        if source and not path.endswith(toolchain.suffixes):
            path += toolchain.suffix
        files[path] = file.content
        named += [path] if source else []
    return Work(files=files, sources=tuple(named))


def sources(toolchain: Toolchain, spec: BoxSpec) -> dict[str, bytes]:
    """Returns what is compiled for a function: the program's files, and the driver that includes the first of them."""
    compiler, program = _compiler(toolchain), spec.program
    if compiler.driver is None:
        raise EnvironmentFault(f"{toolchain.language} has no driver for functions")
    if spec.signature is None:
        raise EnvironmentFault(f"a program in {program.language} needs a signature to be compiled with, found none")
    main = program.main.path if _PLAIN_PATH.match(program.main.path) else f"solution{toolchain.suffix}"
    driver = compiler.driver(main, spec.entry_point, spec.signature)
    rest = {file.path: file.content for file in program.files[1:]}
    return {**rest, main: program.main.content, compiler.driver_path: driver.encode()}


def failure_of(
    outcome: RunOutcome, building: Building, limits: Limits, spec: BoxSpec, undeclared: tuple[str, ...]
) -> RunOutcome | None:
    """Returns the outcome that tells why nothing was compiled; None when something was.

    ``undeclared`` are patterns of the compiler's message when there is no entry point.
    """
    outcome = replace(outcome, stderr=_relative(outcome.stderr))
    killed = outcome.killer is not None or outcome.oom_kills > 0 or outcome.cpu_ns > limits.cpu_ns
    if killed or outcome.protocol_error is not None:
        return outcome
    if outcome.exit_code == 0 and building.artefact:
        return None
    said = outcome.stderr.data
    if building.size_bytes > ARTEFACT_BYTES or _TOO_LARGE.search(said):
        return replace(outcome, too_large=f"a program of more than {ARTEFACT_BYTES >> 20} MiB")
    error = _first_error(said.decode("utf-8", "replace"))
    missing = _missing(error.message, spec, undeclared)
    return replace(outcome, raised=error) if missing is None else replace(outcome, entry_point_missing=missing)


def _missing(said: str, spec: BoxSpec, undeclared: tuple[str, ...]) -> str | None:
    """Returns what the submission does not define, when the compiler's message says so."""
    signature, main, entry = spec.signature, spec.program.main.path, spec.entry_point
    patterns = (re.fullmatch(pattern.format(entry=re.escape(entry)), said) for pattern in undeclared)
    found = next(filter(None, patterns), None)
    if signature is None or found is None:
        return None
    method = found.groupdict().get("method")
    if method is None:
        what = "class" if signature.form is Form.CLASS else "function"
        return f"{main} must define a {what} {entry!r}, which is not defined"
    if method not in [each.name for each in signature.methods]:
        return None
    return f"{main}: the class {entry!r} must have a method {method!r}, which is not defined"


def _relative(said: Captured) -> Captured:
    return Captured(data=said.data.replace(b"/box/", b""), total_bytes=said.total_bytes)


def _first_error(said: str) -> Raised:
    found = _ERROR.search(said)
    if found is None:
        return Raised(type_name="the compiler failed", message=visible(said.strip().partition("\n")[0][:500]))
    return Raised(type_name=visible(found[1][:200]).rstrip(":"), message=visible(found[2][:500]))
