"""``tolerance-margin``: accepted submissions use at most a tenth of the tolerance.

A checker that compares numbers reports the largest error as a part of the tolerance. An honest solution near 1 would be
rejected on another machine.
"""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding

MARGIN = 0.1
NUMERIC = ("float", "array", "mapping", "residual", "eigenvectors", "tokens", "lines", "output", "rows")


def check(package: Package) -> Iterator[Finding]:
    """Looks for the largest margin of each accepted submission."""
    if package.checker.name not in NUMERIC:
        return
    for trial in package.matrix.accepted:
        margins = {case.name: case.margin for case in trial.report.cases if case.margin is not None}
        test = max(margins, key=lambda name: margins[name], default=None)
        if test is not None and MARGIN < margins[test] <= 1:
            message = f"it uses {margins[test]:.2g} of the tolerance on {test}: expected at most {MARGIN:g}"
            remedy = "widen the tolerance, or compute more exactly"
            yield RULE.warning(message, trial.path, about=test, remedy=remedy, replay=package.replay(trial.path))


RULE = Rule(
    name="tolerance-margin",
    level=Level.QUICK,
    summary="accepted submissions use at most a tenth of the tolerance",
    check=check,
)
