"""``plan-compiles``: generators, references and keys give a test plan, the one that the lock file pins."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package, spec_place
from judge.authoring.rules.rule import Level, Rule
from judge.errors import SpecError
from judge.model.finding import Finding


def check(package: Package) -> Iterator[Finding]:
    """Compiles it."""
    try:
        package.plan  # noqa: B018 - it is compiled when it is asked for
    except SpecError as error:
        yield RULE.error(error.message, replay=f"judge problem compile {package.root}", **spec_place(package, error))


RULE = Rule(name="plan-compiles", level=Level.QUICK, summary="the tests are made, and fit the lock file", check=check)
