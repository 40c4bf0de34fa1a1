"""``accepted-time``: accepted submissions need at most half of the time limit, so that no machine's noise decides."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding
from judge.model.report import CaseReport
from judge.units import format_ns

SHARE = 0.5


def check(package: Package) -> Iterator[Finding]:
    """Looks for the slowest call of each accepted submission; of a series, the mean of its calls is known."""
    limit = package.plan.limits.cpu_ns
    tests = {case.name for case in package.plan.cases}  # a gate's calls are as slow as they are
    for trial in package.matrix.accepted:
        slowest = max((case for case in trial.report.cases if case.name in tests), key=_call_ns, default=None)
        if trial.as_declared and slowest is not None and _call_ns(slowest) > SHARE * limit:
            found, allowed = format_ns(round(_call_ns(slowest))), format_ns(round(SHARE * limit))
            message = f"it takes {found} on {slowest.name}: expected at most half of the limit, {allowed}"
            remedy = "raise the time limit, or make the test smaller"
            yield RULE.warning(message, trial.path, about=slowest.name, remedy=remedy)


def _call_ns(case: CaseReport) -> float:
    return case.cpu_ns / max(1, case.calls)


RULE = Rule(
    name="accepted-time",
    level=Level.QUICK,
    summary="accepted submissions need at most half of the time limit",
    check=check,
)
