"""``bounds-kept``: no test is outside the bounds that the package declares."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.seen_bounds import seen_bounds
from judge.model.finding import Finding


def check(package: Package) -> Iterator[Finding]:
    """Looks at the extremes of every test."""
    for seen in seen_bounds(package):
        for test, value in seen.outside:
            file, line = package.place_of(test)
            message = f"{test}: {seen.bound.path} is {value}: expected {seen.bound.low} to {seen.bound.high}"
            yield RULE.error(message, file, line=line, about=seen.bound.path)


RULE = Rule(name="bounds-kept", level=Level.QUICK, summary="tests keep to the declared bounds", check=check)
