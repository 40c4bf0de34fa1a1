"""Certifying a complexity gate: a package's own submissions show that it lies between the accepted and the slow ones.

Every accepted submission, and every one declared ``complexity_exceeded``, goes through every family of the gate several
times, each time as in a grading. Two things are asked: that every single run decides as declared, and that the slopes
of the smallest costs over all runs lie on their sides of the gate, intervals included. Submissions that are declared
too slow for another reason never reach the gate in a grading; they are measured and shown, and decide nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from judge.checkers import build
from judge.errors import SpecError
from judge.grading.authors import AuthorCode
from judge.grading.case_run import starter
from judge.grading.companions import NO_COMPANIONS
from judge.grading.gate import FamilyRun, Start, power, reason_of
from judge.grading.growth import Growth
from judge.grading.interrupts import Uninterrupted
from judge.model.plan import ComplexityGate, GateFamily, TestPlan
from judge.model.problem import ExampleSubmission, Problem
from judge.model.verdict import Reason, Verdict
from judge.ports import BoxSpec, Companions, Sandbox
from judge.stats.slope import Slope

SECRET = bytes(32)  # no verdict of a gate depends on it
Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One submission on one family, over all runs."""

    path: str  # of the submission, in the package
    family: str
    expected: Reason | None  # None: accepted
    runs: int
    accepted: int  # of the runs
    exceeded: int  # of the runs: rejected for the growth
    slope: Slope | None  # of the smallest costs; None when too few sizes cost enough
    slowest_ms: float  # the smallest CPU time at the largest size that was asked

    @property
    def words(self) -> str:
        """The slope in words."""
        return "not measured" if self.slope is None else power(self.slope)


@dataclass(frozen=True, kw_only=True, slots=True)
class Certification:
    """What was measured, and why it does not certify the gate, if it does not."""

    rows: tuple[Row, ...]
    refusals: tuple[str, ...]  # one sentence each

    @property
    def slopes(self) -> dict[tuple[str, str], Slope | None]:
        """By submission and family, of those that decide."""
        deciding = (None, Reason.COMPLEXITY_EXCEEDED)
        return {(row.path, row.family): row.slope for row in self.rows if row.expected in deciding}


def certify(
    problem: Problem,
    plan: TestPlan,
    gate: ComplexityGate,
    sandbox: Sandbox,
    runs: int,
    tell: Tell,
    companions: Companions = NO_COMPANIONS,
) -> Certification:
    """Measures ``runs`` times; ``tell`` hears what is being measured.

    Raises SpecError when a submission fails otherwise than by its CPU time.
    """
    growths: dict[tuple[str, str], list[Growth]] = {}
    with AuthorCode(plan, companions, Uninterrupted()) as authors:
        checker = authors.behind(build(plan.checker.name, plan.checker.parameters))
        start = starter(plan, checker, SECRET, authors)
        for number in range(runs):
            for example in _measured(problem):
                tell(f"run {number + 1} of {runs}: {example.path}")
                for family in gate.families:
                    growth = _run(sandbox, plan, gate, family, example, start)
                    growths.setdefault((example.path, family.name), []).append(growth)
    reasons = {example.path: example.reason for example in _measured(problem)}
    rows = tuple(_row(path, family, reasons[path], found, gate) for (path, family), found in growths.items())
    return Certification(rows=rows, refusals=tuple(_refusals(gate, rows)))


def _measured(problem: Problem) -> Iterator[ExampleSubmission]:
    """Yields the accepted submissions and those that are too slow."""
    for example in problem.examples:
        if example.verdict in (Verdict.ACCEPTED, Verdict.TIME_LIMIT_EXCEEDED):
            yield example


def _run(
    sandbox: Sandbox,
    plan: TestPlan,
    gate: ComplexityGate,
    family: GateFamily,
    example: ExampleSubmission,
    start: Start,
) -> Growth:
    spec = BoxSpec(
        program=example.program,
        entry_point=example.program.entry_point or plan.entry_point,
        isolation=plan.isolation,
        load_limits=plan.load_limits,
        signature=plan.signature,
    )
    run = FamilyRun(plan, gate, family, start)
    while not run.over:
        with sandbox.open(spec) as box:
            if not box.load().loaded:
                raise SpecError(f"{example.path} does not load: grade it to see why")
            run.climb(box)
    if run.broken is not None:
        raise SpecError(f"{example.path}, family {family.name!r}: {run.broken.verdict}: {run.broken.message}")
    return run.growth


def _row(path: str, family: str, expected: Reason | None, growths: list[Growth], gate: ComplexityGate) -> Row:
    pooled = Growth.pooled(gate, growths)
    rejected = [growth for growth in growths if not growth.finding.accepted]
    return Row(
        path=path,
        family=family,
        expected=expected,
        runs=len(growths),
        accepted=len(growths) - len(rejected),
        exceeded=sum(reason_of(growth, gate) is Reason.COMPLEXITY_EXCEEDED for growth in rejected),
        slope=pooled.slope,
        slowest_ms=pooled.evidence()["table"][-1]["cpu_ns"] / 1e6,
    )


# --- refusing -----------------------------------------------------------------------------------------------------


def _refusals(gate: ComplexityGate, rows: tuple[Row, ...]) -> Iterator[str]:
    accepted = [row for row in rows if row.expected is None]
    slow = [row for row in rows if row.expected is Reason.COMPLEXITY_EXCEEDED]
    if not accepted or not slow:
        yield "expected an accepted submission and one with the reason complexity_exceeded, found none of one kind"
    for row in accepted:
        yield from _of_accepted(gate, row)
    for path in dict.fromkeys(row.path for row in slow):
        yield from _of_slow(gate, [row for row in slow if row.path == path])
    for family in gate.families:
        if accepted and not any(row.slope for row in accepted if row.family == family.name):
            message = "no accepted submission costs enough to be measured: choose larger sizes"
            yield f"family {family.name!r}: {message}"


def _of_accepted(gate: ComplexityGate, row: Row) -> Iterator[str]:
    where = f"{row.path}, family {row.family!r}"
    if row.accepted < row.runs:
        yield f"{where}: it must be accepted, and was rejected in {row.runs - row.accepted} of {row.runs} runs"
    if row.slope is not None and row.slope.high >= gate.slope:
        yield f"{where}: expected an interval below the gate's {gate.slope:g}, found {row.words}"


def _of_slow(gate: ComplexityGate, rows: list[Row]) -> Iterator[str]:
    """A slow submission must be found out by one family at least, each time by the same."""
    best = max(rows, key=lambda row: (row.exceeded, row.slope.low if row.slope else 0.0))
    where = f"{best.path}, family {best.family!r}"
    if best.exceeded < best.runs:
        yield f"{where}: it must exceed the gate, and did in {best.exceeded} of {best.runs} runs only"
    elif best.slope is None or best.slope.low <= gate.slope:
        yield f"{where}: expected an interval above the gate's {gate.slope:g}, found {best.words}"
