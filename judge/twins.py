"""In-memory twins of the ports that the service stands on: engine, catalogue, verifier, observer, clock.

``MemoryEngine`` keeps the contract of an engine without running anything: every grading passes ``compiling``,
``compiled`` and its tests, and ends in a report or an error that the test chose. ``hold`` stops gradings after
``compiled`` until ``release``; ``until`` waits for what a test expects to happen, so that no test has to sleep.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from judge.errors import JudgeError, SpecError, UnknownProblem
from judge.model.compilation import Compilation
from judge.model.digest import digest_of
from judge.model.event import Event, EventKind
from judge.model.finding import Finding, Step
from judge.model.plan import CheckerSpec
from judge.model.problem import Problem, WrittenCase
from judge.model.report import CaseReport, Phase, Report
from judge.model.run import Captured, Isolation, Limits
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason, Verdict
from judge.ports import GradingRequest
from judge.units import NANOSECONDS


class ManualClock:
    """A clock that moves when it is told to."""

    def __init__(self, unix_ns: int = 1_700_000_000 * NANOSECONDS) -> None:
        self._unix_ns = unix_ns
        self._monotonic_ns = 0

    def advance(self, duration_ns: int) -> None:
        """Moves on."""
        self._unix_ns += duration_ns
        self._monotonic_ns += duration_ns

    def unix_ns(self) -> int:
        """Nanoseconds since the Unix epoch."""
        return self._unix_ns

    def monotonic_ns(self) -> int:
        """Nanoseconds since the clock was made."""
        return self._monotonic_ns


@dataclass(frozen=True, slots=True)
class Told:
    """What an observer was told of one metric with one set of labels."""

    name: str
    labels: frozenset[tuple[str, str]]


class RecordingObserver:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self._counts: dict[Told, float] = {}
        self._values: dict[Told, list[float]] = {}
        self._gauges: dict[Told, float] = {}

    def count(self, name: str, labels: Mapping[str, str], amount: float = 1.0) -> None:
        """Adds to a counter."""
        key = _told(name, labels)
        self._counts[key] = self._counts.get(key, 0.0) + amount

    def observe(self, name: str, labels: Mapping[str, str], value: float) -> None:
        """Records a value of a distribution."""
        self._values.setdefault(_told(name, labels), []).append(value)

    def set(self, name: str, labels: Mapping[str, str], value: float) -> None:
        """Sets a gauge."""
        self._gauges[_told(name, labels)] = value

    def counted(self, name: str, **labels: str) -> float:
        """The counter's sum; 0 when it was never told."""
        return self._counts.get(_told(name, labels), 0.0)

    def observed(self, name: str, **labels: str) -> list[float]:
        """The distribution's values."""
        return self._values.get(_told(name, labels), [])

    def gauge(self, name: str, **labels: str) -> float | None:
        """The gauge's last value; None when it was never told."""
        return self._gauges.get(_told(name, labels))


def _told(name: str, labels: Mapping[str, str]) -> Told:
    return Told(name, frozenset((key, str(value)) for key, value in labels.items()))


class MemoryCatalogue:
    """Problems in memory."""

    def __init__(self, problems: Sequence[Problem], broken: Mapping[str, SpecError] | None = None) -> None:
        self._problems = {problem.slug: problem for problem in problems}
        self._broken = dict(broken or {})

    def slugs(self) -> list[str]:
        """The slugs of all problems, also of those that are broken."""
        return [*self._problems, *self._broken]

    def get(self, slug: str) -> Problem:
        """The problem. Raises UnknownProblem or SpecError."""
        if slug in self._broken:
            raise self._broken[slug]
        if slug not in self._problems:
            raise UnknownProblem("problem", f"there is no problem {slug!r}")
        return self._problems[slug]

    def is_given(self, slug: str) -> bool:
        """Whether there is a problem of that slug."""
        return slug in self._problems or slug in self._broken


@dataclass(slots=True)
class MemoryVerifier:
    """The port ``Verifier`` without anything behind it: tells ``script``, taking a turn where it says "turn".

    A turn lasts until ``proceed`` is set. It raises ``error`` at the end, if there is one.
    """

    script: Sequence[Finding | Step | str] = ()
    error: Exception | None = None
    rules: tuple[str, ...] = ("unfinished", "power")
    orders: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)  # those that began
    ended: list[str] = field(default_factory=list)  # problems, in the order in which their verifications ended
    in_turn: asyncio.Event = field(default_factory=asyncio.Event)  # whether it has had a turn
    proceed: asyncio.Event = field(default_factory=asyncio.Event)
    finished: asyncio.Event = field(default_factory=asyncio.Event)  # whether one has ended

    async def verify(
        self,
        problem: str,
        level: str,
        rules: tuple[str, ...],
        turn: Callable[[], AbstractAsyncContextManager[None]],
        tell: Callable[[Finding | Step], None],
    ) -> None:
        """Tells the script."""
        self.orders.append((problem, level, rules))
        try:
            for line in self.script:
                if isinstance(line, str):
                    async with turn():
                        self.in_turn.set()
                        await self.proceed.wait()
                else:
                    tell(line)
            if self.error is not None:
                raise self.error
        finally:
            self.ended.append(problem)
            self.finished.set()


@dataclass(slots=True)
class MemoryCompiler:
    """The port ``Compiler`` without anything behind it: a plan is named by the problem's slug.

    What ``hold`` names waits in its turn until ``proceed`` is set. It raises ``error``, if there is one.
    """

    error: Exception | None = None
    hold: str = ""  # a slug
    orders: list[tuple[str, Path | None]] = field(default_factory=list)  # those that began
    ended: list[str] = field(default_factory=list)
    in_turn: asyncio.Event = field(default_factory=asyncio.Event)  # whether what is held has its turn
    proceed: asyncio.Event = field(default_factory=asyncio.Event)

    async def compile(
        self, problem: str, root: Path | None, turn: Callable[[int], AbstractAsyncContextManager[None]]
    ) -> Compilation:
        """Takes one turn."""
        self.orders.append((problem, root))
        try:
            async with turn(1):
                if problem == self.hold:
                    self.in_turn.set()
                    await self.proceed.wait()
                if self.error is not None:
                    raise self.error
            return Compilation(plan_digest=digest_of(problem), case_count=3)
        finally:
            self.ended.append(problem)


@dataclass(slots=True)
class MemoryEngine:
    """The port ``Engine`` without anything behind it."""

    requests: list[GradingRequest] = field(default_factory=list)  # those that began, in order
    killed: list[GradingRequest] = field(default_factory=list)  # those that were cancelled, in order
    errors: list[JudgeError | Exception] = field(default_factory=list)  # raised by the next gradings, first come first
    verdict: Verdict = Verdict.ACCEPTED
    reason: Reason | None = None
    revision: str = ""  # of the problems: reports of another one have other digests
    working: int = 1  # slots; ``set_working`` changes it
    _gate: asyncio.Event = field(default_factory=asyncio.Event)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _listener: Callable[[int], None] | None = None

    def __post_init__(self) -> None:
        """Lets gradings pass."""
        self._gate.set()

    def watch(self, listener: Callable[[int], None]) -> None:
        """Tells ``listener`` the number of slots that work, now and at each change."""
        self._listener = listener
        listener(self.working)

    def set_working(self, slots: int) -> None:
        """Changes the number of slots that work."""
        self.working = slots
        if self._listener is not None:
            self._listener(slots)

    def hold(self) -> None:
        """Stops gradings in their middle from now on."""
        self._gate.clear()

    def release(self) -> None:
        """Lets gradings go on."""
        self._gate.set()

    async def until(self, condition: Callable[[MemoryEngine], bool]) -> None:
        """Waits until ``condition`` holds; it is tried whenever a grading begins or is killed."""
        async with self._news:
            await self._news.wait_for(lambda: condition(self))

    async def grade(self, request: GradingRequest, on_event: Callable[[Event], None]) -> Report:
        """Returns a report with the chosen verdict, or raises the next of ``errors``."""
        self.requests.append(request)
        await self._tell()
        on_event(Event(kind=EventKind.QUEUED, unix_ns=0))
        on_event(Event(kind=EventKind.COMPILING, unix_ns=1))
        on_event(Event(kind=EventKind.COMPILED, unix_ns=2, case_count=2))
        try:
            await self._gate.wait()
        except asyncio.CancelledError:
            self.killed.append(request)
            await self._tell()
            raise
        if self.errors:
            raise self.errors.pop(0)
        report = replace(report_of(request), verdict=self.verdict, reason=self.reason)
        if self.revision:
            report = replace(report, grading_digest=digest_of([report.grading_digest, self.revision]))
        _tell_cases(report, on_event)
        on_event(Event(kind=EventKind.FINISHED, unix_ns=5, report=report))
        return report

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()


def _tell_cases(report: Report, on_event: Callable[[Event], None]) -> None:
    for index, case in enumerate(report.cases):
        position = {"case_name": case.name, "case_index": index, "case_count": len(report.cases)}
        on_event(Event(kind=EventKind.TEST_STARTED, unix_ns=3, **position))  # type: ignore[arg-type]
        on_event(Event(kind=EventKind.TEST_FINISHED, unix_ns=4, case=case, **position))  # type: ignore[arg-type]


def report_of(request: GradingRequest) -> Report:
    """Returns an accepting report on ``request``: a sample that printed and a secret test."""
    return Report(
        submission_id=request.submission_id,
        problem=request.problem,
        language=request.program.language,
        verdict=Verdict.ACCEPTED,
        reason=None,
        message="all 2 tests passed",
        score=Fraction(1),
        cases=(case_of("sample/01", sample=True), case_of("secret/01", sample=False)),
        compile_output="",
        cpu_ns=2_000_000,
        total_cpu_ns=5_000_000,
        memory_peak_bytes=1 << 20,
        plan_digest="1" * 64,
        program_digest=request.program.digest,
        grading_digest=digest_of([request.problem, request.program]),
        toolchain="none",
        path="memory",
        slot=0,
        phases=(Phase(name="test", start_unix_ns=3, end_unix_ns=4),),
    )


def case_of(name: str, *, sample: bool) -> CaseReport:
    """Returns an accepting report on a test."""
    return CaseReport(
        name=name,
        sample=sample,
        verdict=Verdict.ACCEPTED,
        reason=None,
        message="",
        score=Fraction(1),
        cpu_ns=2_000_000,
        wall_ns=3_000_000,
        memory_peak_bytes=1 << 20,
        calls=1,
        stdout=Captured(data=b"hello\n", total_bytes=6),
        stderr=Captured(),
        traceback=(),
        exit_code=None,
        signal=None,
        margin=0.5,
        evidence={"worst": 3},
    )


def problem_of(slug: str, *, family: str = "examples") -> Problem:
    """Returns a problem with one sample: add two numbers."""
    limits = Limits(
        cpu_ns=NANOSECONDS, wall_ns=4 * NANOSECONDS, memory_bytes=256 << 20, output_bytes=1 << 16, processes=8
    )
    number = parse_type("int")
    return Problem(
        slug=slug,
        family=family,
        name=slug.replace("-", " ").capitalize(),
        statement="Return the sum of `a` and `b`.",
        kind="function",
        entry_point="add",
        signature=Signature(
            parameters=(Parameter(name="a", type=number), Parameter(name="b", type=number)), returns=number
        ),
        isolation=Isolation.TEST,
        limits=limits,
        load_limits=limits,
        code_bytes=64 * 1024,
        languages=("python3",),
        starters={"python3": "def add(a, b):\n    ...\n"},
        checker=CheckerSpec(name="exact", parameters={}),
        reference=None,
        generator=None,
        written=(
            WrittenCase(
                name="sample/01", sample=True, arguments={"a": 1, "b": 2}, answer=3, has_answer=True, file="data/1"
            ),
            WrittenCase(
                name="secret/01", sample=False, arguments={"a": 5, "b": 6}, answer=11, has_answer=True, file="data/2"
            ),
        ),
        generated=(),
        examples=(),
        license="Apache-2.0",
        source_digest="3" * 64,
    )
