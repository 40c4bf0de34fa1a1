"""``duplicate-tests``: no two tests ask the same: arguments or, where the judge draws those, laws differ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.skeleton import skeleton
from judge.checkers.sizing import Sized
from judge.harness import wire
from judge.model.digest import digest_of_bytes
from judge.model.finding import Finding
from judge.model.plan import TestCase


def check(package: Package) -> Iterator[Finding]:
    """Compares all tests; of a statistical problem the laws too, by which the judge may draw what tests leave out."""
    first: dict[tuple[str, ...], str] = {}
    drawn = isinstance(package.checker, Sized)
    for case in package.plan.cases:
        asked = (case.arguments, case.expected) if drawn else (_question(package, case),)
        known = first.setdefault(tuple(map(digest_of_bytes, asked)), case.name)
        if known != case.name:
            file, line = package.place_of(case.name)
            message = f"{case.name} asks the same as {known}"
            remedy = "take one of them away, or give it another seed"
            yield RULE.warning(message, file, line=line, about=case.name, remedy=remedy)


def _question(package: Package, case: TestCase) -> bytes:
    """The arguments; of a problem of kind "tests" the implementation, but for names and comments."""
    if package.plan.kind != "tests" or package.plan.environment is None:
        return case.arguments
    raw: Any = wire.decode(case.arguments)
    module = raw["implementation"]
    files = package.plan.environment.author.program.files
    code = next((file.content for file in files if PurePath(file.path).stem == module), case.arguments)
    return skeleton(code, "python3").encode()


RULE = Rule(name="duplicate-tests", level=Level.QUICK, summary="no two tests ask the same", check=check)
