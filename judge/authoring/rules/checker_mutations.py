"""``checker-mutations``: a right answer that is changed in one place is rejected.

A change may by chance give another right answer (another shortest path); so a kind of change is found when none of the
answers that it made was rejected, or fewer than half of them. That the order of items counts is another rule's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from judge.authoring.answers import judges_answers
from judge.authoring.mutations import Score, scores
from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.values import CHANGES
from judge.model.finding import Finding


def check(package: Package) -> Iterator[Finding]:
    """Spoils answers and has them judged."""
    if not judges_answers(package):
        return
    found = scores(package, [change for change in CHANGES if not change.moves])
    for score in found:
        yield from judged(package, RULE, score)
    made, rejected = sum(score.made for score in found), sum(score.rejected for score in found)
    yield RULE.info(f"{rejected} of {made} spoiled answers are rejected", line=package.line("checker"))


def judged(package: Package, rule: Rule, score: Score) -> Iterator[Finding]:
    """What a score says of the checker."""
    place: dict[str, Any] = {"line": package.line("checker"), "about": score.change}
    if score.fault:
        yield rule.error(f"the checker fails on a spoiled answer: {score.fault}", **place)
    elif 2 * score.rejected < score.made:
        counts = f"{score.rejected} of {score.made} answers spoiled by it are rejected"
        message = f"{counts}, the first accepted on {score.survivor}"
        remedy = "choose a stricter checker, or tests whose answers show the difference"
        report = rule.error if score.rejected == 0 else rule.warning
        yield report(f"{message}: expected all, or at least half", remedy=remedy, **place)


RULE = Rule(
    name="checker-mutations",
    level=Level.QUICK,
    summary="a right answer that is changed in one place is rejected",
    check=check,
)
