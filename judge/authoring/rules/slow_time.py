"""``slow-time``: a submission that is too slow is still too slow with one and a half times the limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.variations import Variation, reports
from judge.model.finding import Finding
from judge.model.plan import TestPlan
from judge.model.verdict import Reason, Verdict

FACTOR = 1.5
_GROWTH = (Reason.COMPLEXITY_EXCEEDED,)  # judged by its growth, not by a limit


def check(package: Package) -> Iterator[Finding]:
    """Grades those that ran into the limit under a larger one, on the tests on which they did."""
    slow = [
        trial
        for trial in package.matrix.declared(Verdict.TIME_LIMIT_EXCEEDED)
        if trial.report.verdict is Verdict.TIME_LIMIT_EXCEEDED and trial.report.reason not in _GROWTH
    ]
    programs = {example.path: example.program for example in package.problem.examples}
    variations = [
        Variation(name=trial.path, plan=_larger(package.plan, trial.failed), program=programs[trial.path])
        for trial in slow
    ]
    for trial, report in zip(slow, reports(package, variations), strict=True):
        if report.verdict is not Verdict.TIME_LIMIT_EXCEEDED:
            message = f"with {FACTOR} times the limit it is {report.verdict}: expected {Verdict.TIME_LIMIT_EXCEEDED}"
            remedy = "lower the time limit, or enlarge the tests"
            yield RULE.warning(message, trial.path, remedy=remedy, replay=package.replay(trial.path))


def _larger(plan: TestPlan, tests: tuple[str, ...]) -> TestPlan:
    limits = replace(
        plan.limits, cpu_ns=round(plan.limits.cpu_ns * FACTOR), wall_ns=round(plan.limits.wall_ns * FACTOR)
    )
    cases = tuple(case for case in plan.cases if case.name in tests)
    return replace(plan, limits=limits, cases=cases or plan.cases, complexity=None, groups=())


RULE = Rule(
    name="slow-time",
    level=Level.FULL,
    summary=f"a submission that is too slow is so with {FACTOR} times the limit",
    check=check,
)
