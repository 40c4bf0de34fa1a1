"""``checker-order``: a right answer whose items are moved is rejected; to be waived where any order is right."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.answers import judges_answers
from judge.authoring.mutations import scores
from judge.authoring.package import Package
from judge.authoring.rules.checker_mutations import judged
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.values import CHANGES
from judge.model.finding import Finding


def check(package: Package) -> Iterator[Finding]:
    """Moves items of answers and has them judged."""
    if judges_answers(package):
        for score in scores(package, [change for change in CHANGES if change.moves]):
            yield from judged(package, RULE, score)


RULE = Rule(
    name="checker-order",
    level=Level.QUICK,
    summary="a right answer whose items are moved is rejected, unless any order is right",
    check=check,
)
