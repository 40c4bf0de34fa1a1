"""``duplicate-tests``: no two tests ask the same."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.findings import Finding
from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.digest import digest_of_bytes


def check(package: Package) -> Iterator[Finding]:
    """Compares the arguments of all tests."""
    first: dict[str, str] = {}
    for case in package.plan.cases:
        known = first.setdefault(digest_of_bytes(case.arguments), case.name)
        if known != case.name:
            file, line = package.place_of(case.name)
            message = f"{case.name} asks the same as {known}"
            remedy = "take one of them away, or give it another seed"
            yield RULE.warning(message, file, line=line, about=case.name, remedy=remedy)


RULE = Rule(name="duplicate-tests", level=Level.QUICK, summary="no two tests ask the same", check=check)
