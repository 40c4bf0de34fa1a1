"""``slow-time``: a submission that is too slow is still too slow with one and a half times the limit.

A plain package says how many times, and which of its submissions bound the limit from above on which tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.variations import Variation, reports
from judge.model.finding import Finding
from judge.model.plan import TestPlan
from judge.model.verdict import Reason, Verdict
from judge.spec.submissions import matches

_GROWTH = (Reason.COMPLEXITY_EXCEEDED,)  # judged by its growth, not by a limit


def check(package: Package) -> Iterator[Finding]:
    """Grades those that ran into the limit under a larger one, on the tests on which they did."""
    factor = package.problem.slow_factor
    plain = any(example.expectations for example in package.problem.examples)
    slow = list(_plain(package) if plain else _declared(package))
    programs = {example.path: example.program for example in package.problem.examples}
    variations = [
        Variation(name=path, plan=_larger(package.plan, tests, factor), program=programs[path]) for path, tests in slow
    ]
    for (path, _), report in zip(slow, reports(package, variations), strict=True):
        if report.verdict is not Verdict.TIME_LIMIT_EXCEEDED:
            message = f"with {factor:g} times the limit it is {report.verdict}: expected {Verdict.TIME_LIMIT_EXCEEDED}"
            remedy = "lower the time limit, or enlarge the tests"
            yield RULE.warning(message, path, remedy=remedy, replay=package.replay(path))


def _declared(package: Package) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yields the path of each submission that ran into the limit as declared, with the tests that it did not pass."""
    for trial in package.matrix.declared(Verdict.TIME_LIMIT_EXCEEDED):
        if trial.report.verdict is Verdict.TIME_LIMIT_EXCEEDED and trial.report.reason not in _GROWTH:
            yield trial.path, trial.failed


def _plain(package: Package) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yields the path of each submission that bounds the limit from above, and the tests on which it was too slow."""
    for example in package.problem.examples:
        cases = package.matrix.by_path[example.path].report.cases
        slow = [case.name for case in cases if case.verdict is Verdict.TIME_LIMIT_EXCEEDED]
        for rule in example.expectations:
            tests = tuple(name for name in slow if not rule.tests or matches(rule.tests, name))
            if rule.bound == "upper" and tests:
                yield example.path, tests


def _larger(plan: TestPlan, tests: tuple[str, ...], factor: float) -> TestPlan:
    limits = replace(
        plan.limits, cpu_ns=round(plan.limits.cpu_ns * factor), wall_ns=round(plan.limits.wall_ns * factor)
    )
    cases = tuple(case for case in plan.cases if case.name in tests)
    return replace(plan, limits=limits, cases=cases or plan.cases, complexity=None, groups=())


RULE = Rule(
    name="slow-time",
    level=Level.FULL,
    summary="a submission that is too slow is so with 1.5 times the limit, or what the package says",
    check=check,
)
