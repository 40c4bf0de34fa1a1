"""``duplicate-tests``: no two tests ask the same: arguments or, where the judge draws those, laws differ."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.checkers.sizing import Sized
from judge.model.digest import digest_of_bytes
from judge.model.finding import Finding


def check(package: Package) -> Iterator[Finding]:
    """Compares all tests; of a statistical problem the laws too, by which the judge may draw what tests leave out."""
    first: dict[tuple[str, ...], str] = {}
    drawn = isinstance(package.checker, Sized)
    for case in package.plan.cases:
        asked = (case.arguments, case.expected) if drawn else (case.arguments,)
        known = first.setdefault(tuple(map(digest_of_bytes, asked)), case.name)
        if known != case.name:
            file, line = package.place_of(case.name)
            message = f"{case.name} asks the same as {known}"
            remedy = "take one of them away, or give it another seed"
            yield RULE.warning(message, file, line=line, about=case.name, remedy=remedy)


RULE = Rule(name="duplicate-tests", level=Level.QUICK, summary="no two tests ask the same", check=check)
