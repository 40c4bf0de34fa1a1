"""``submission-variety``: enough solutions to show that the tests tell right from wrong."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding
from judge.model.verdict import Verdict

ACCEPTED = 2  # independent of each other, so that the reference's mistakes are seen
WRONG = 3


def check(package: Package) -> Iterator[Finding]:
    """Counts the submissions, and those that are the same."""
    examples = package.problem.examples
    accepted = [example for example in examples if example.verdict is Verdict.ACCEPTED]
    if not accepted:
        yield RULE.error("expected an accepted submission, found none", "submissions", about="accepted")
    elif len({example.program.digest for example in accepted}) < ACCEPTED:
        message = f"expected at least {ACCEPTED} accepted submissions that differ, found 1"
        remedy = "solve it a second time, by another idea"
        yield RULE.warning(message, "submissions/accepted", about="accepted", remedy=remedy)
    wrong = {example.program.digest for example in examples if example.verdict is not Verdict.ACCEPTED}
    if len(wrong) < WRONG:
        message = f"expected at least {WRONG} submissions that must not be accepted, found {len(wrong)}"
        remedy = "add the classic mistakes of this problem"
        yield RULE.warning(message, "submissions", about="wrong", remedy=remedy)


RULE = Rule(
    name="submission-variety",
    level=Level.QUICK,
    summary=f"there are {ACCEPTED} accepted submissions that differ, and {WRONG} that must not be accepted",
    check=check,
)
