"""``tolerance-gap``: submissions with a wrong value miss the tolerance by a factor of ten on some test at least."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.rules.tolerance_margin import NUMERIC
from judge.model.finding import Finding
from judge.model.verdict import Reason, Verdict

GAP = 10


def check(package: Package) -> Iterator[Finding]:
    """Looks for the largest margin of each submission that answers wrong values only."""
    if package.checker.name not in NUMERIC:
        return
    for trial in package.matrix.declared(Verdict.WRONG_ANSWER):
        failed = [trial.cases[test] for test in trial.failed]
        margins = [case.margin for case in failed if case.reason is Reason.WRONG_VALUE and case.margin is not None]
        if margins and len(margins) == len(failed) and max(margins) < GAP:
            message = f"its largest error is {max(margins):.2g} times the tolerance: expected {GAP} times on some test"
            remedy = "tighten the tolerance, or add a test on which the mistake shows"
            yield RULE.warning(message, trial.path, remedy=remedy, replay=package.replay(trial.path))


RULE = Rule(
    name="tolerance-gap",
    level=Level.QUICK,
    summary="a wrong value misses the tolerance by a factor of ten on some test",
    check=check,
)
