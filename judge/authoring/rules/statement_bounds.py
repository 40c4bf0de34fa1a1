"""``statement-bounds``: bounds are declared, and the statement names those of three digits or more."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.statements import mentions
from judge.model.finding import Finding
from judge.spec.metadata import STATEMENT

_LARGE = 100  # smaller numbers are often words


def check(package: Package) -> Iterator[Finding]:
    """Looks for the numbers."""
    if package.is_plain:
        return
    if not package.problem.bounds:
        message = "no bounds of the arguments are declared ('bounds'): whether tests reach them is not known"
        yield RULE.info(message, remedy="declare what the statement promises")
    for bound in package.problem.bounds:
        for limit in (bound.low, bound.high):
            if limit is None or abs(limit) < _LARGE or limit != int(limit):
                continue
            if not mentions(package.problem.statement, int(limit)):
                message = f"expected the bound {limit} of {bound.path}, found it nowhere"
                yield RULE.warning(message, STATEMENT, about=bound.path)


RULE = Rule(
    name="statement-bounds",
    level=Level.QUICK,
    summary="the statement names the declared bounds",
    check=check,
)
