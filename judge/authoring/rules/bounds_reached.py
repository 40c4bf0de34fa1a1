"""``bounds-reached``: for each declared bound there is a test that reaches it."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.seen_bounds import seen_bounds
from judge.model.finding import Finding


def check(package: Package) -> Iterator[Finding]:
    """Compares the extremes over all tests with the bounds."""
    for seen in seen_bounds(package):
        bound = seen.bound
        for name, limit, found in (("least", bound.low, seen.least), ("largest", bound.high, seen.largest)):
            if limit is not None and found != limit and not seen.outside:
                message = f"the {name} {bound.path} of all tests is {found}: expected the bound {limit}"
                yield RULE.warning(message, line=bound.line, about=bound.path, remedy="add a test at the bound")


RULE = Rule(name="bounds-reached", level=Level.QUICK, summary="some test reaches each declared bound", check=check)
