"""One family of a complexity gate, run on one submission: rounds of calls, and the report that stands among the tests.

Every answer is judged by the problem's checker, so that a fast wrong answer fails as it does in a test. Every round has
a box of its own: what a call leaves behind (a cache in memory, a file) is not there when the same input is asked again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from judge.grading.case_run import CaseRun
from judge.grading.growth import Finding, Growth
from judge.model.plan import ComplexityGate, GateFamily, TestCase, TestPlan
from judge.model.report import CaseReport
from judge.model.verdict import Reason, Verdict
from judge.ports import Box
from judge.stats.slope import Slope
from judge.units import format_ns

Start = Callable[[TestCase], CaseRun]  # begins the run of one call: judge.grading.case_run.starter


class FamilyRun:
    """The rounds of one family; used once."""

    def __init__(self, plan: TestPlan, gate: ComplexityGate, family: GateFamily, start: Start) -> None:
        self._plan = plan
        self._gate = gate
        self._family = family
        self._start = start
        self._calls: list[CaseReport] = []
        self.broken: CaseReport | None = None  # the call that failed otherwise than by its CPU time
        self.growth = Growth(gate)

    @property
    def over(self) -> bool:
        """Whether there is nothing more to ask."""
        return self.broken is not None or self.growth.finding is not Finding.OPEN

    def climb(self, box: Box) -> None:
        """Makes one round in a fresh box with the submission loaded."""
        smallest = min(self._plan.cases, key=lambda case: len(case.arguments))
        empty = self._call(box, smallest)
        if empty.verdict is not Verdict.ACCEPTED:
            self.broken = replace(empty, message=f"{smallest.name}, once more: {empty.message}")
            return
        self.growth.begin_round(empty.cpu_ns)
        for size, case in zip(self._gate.sizes, self._family.cases, strict=True):
            if not self._measure(box, size, case) or self.growth.climbed_enough:
                return

    def _measure(self, box: Box, size: int, case: TestCase) -> bool:
        """Makes one call; False when the round cannot go on."""
        report = self._call(box, case)
        stopped = report.reason is Reason.CPU_TIME
        if not stopped and report.verdict is not Verdict.ACCEPTED:
            self.broken = replace(report, message=f"n = {size}: {report.message}")
            return False
        self.growth.add(size, report.cpu_ns, over=stopped)
        return not stopped

    def _call(self, box: Box, case: TestCase) -> CaseReport:
        run = self._start(case)
        run.step(box)
        self._calls.append(run.report())
        return self._calls[-1]

    @property
    def cpu_ns(self) -> int:
        """CPU time of all calls."""
        return sum(call.cpu_ns for call in self._calls)

    def report(self) -> CaseReport:
        """The report; its times and its memory are those of the slowest call, or of the one that failed."""
        slowest = self.broken or max(self._calls, key=lambda call: call.cpu_ns)
        shown = replace(slowest, name=self._family.report_name, sample=False, margin=None, calls=len(self._calls))
        if self.broken is not None:
            return replace(shown, evidence=self.broken.evidence | {"complexity": self.growth.evidence()})
        accepted = self.growth.finding.accepted
        said = words(self.growth, self._gate, self._plan.limits.cpu_ns)
        return replace(
            shown,
            verdict=Verdict.ACCEPTED if accepted else Verdict.TIME_LIMIT_EXCEEDED,
            reason=None if accepted else reason_of(self.growth, self._gate),
            message="" if accepted else said,
            score=Fraction(int(accepted)),
            evidence={"complexity": self.growth.evidence() | {"words": said}},
        )


def reason_of(growth: Growth, gate: ComplexityGate) -> Reason:
    """The reason of a rejection: a program over the limit that is not shown to grow too fast is merely slow."""
    slope = growth.slope
    return Reason.COMPLEXITY_EXCEEDED if slope is not None and slope.low > gate.slope else Reason.CPU_TIME


def words(growth: Growth, gate: ComplexityGate, limit_ns: int) -> str:
    """Returns one sentence on what was found."""
    slope, finding = growth.slope, growth.finding
    grows = "" if slope is None else f"the time grows like {power(slope)}"
    allowed = f"at most n^{gate.slope:g} is accepted"
    if finding is Finding.OVER:
        limit = f"with n = {growth.over_size} it needed more than {format_ns(limit_ns)} of CPU time"
        return f"{limit}; {grows}; {allowed}" if grows else limit
    if finding is Finding.TOO_FAST:
        return "it is too fast for its growth to be measured"
    if finding is Finding.DOUBT:
        return f"{grows}; {allowed}; the benefit of the doubt after {growth.rounds} rounds"
    return f"{grows}; {allowed}"


def power(slope: Slope) -> str:
    """A slope in words: "n^1.97 [1.92, 2.01]"."""
    return f"n^{slope.estimate:.2f} [{slope.low:.2f}, {slope.high:.2f}]"
