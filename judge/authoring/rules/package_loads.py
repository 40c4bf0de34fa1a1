"""``package-loads``: the package is complete and well-formed; nothing of it is run."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package, spec_place
from judge.authoring.rules.rule import Level, Rule
from judge.errors import SpecError
from judge.model.finding import Finding


def check(package: Package) -> Iterator[Finding]:
    """Loads it."""
    try:
        package.problem  # noqa: B018 - it is loaded when it is asked for
    except SpecError as error:
        yield RULE.error(error.message, **spec_place(package, error))


RULE = Rule(name="package-loads", level=Level.QUICK, summary="the package is complete and well-formed", check=check)
