"""``submission-variety``: enough solutions to show that the tests tell right from wrong."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.skeleton import skeleton
from judge.model.finding import Finding
from judge.model.problem import ExampleSubmission
from judge.model.program import ANSWER
from judge.model.verdict import Verdict

ACCEPTED = 2  # independent of each other, so that the reference's mistakes are seen
WRONG = 3


def check(package: Package) -> Iterator[Finding]:
    """Counts the submissions, and those that are the same."""
    examples = package.problem.examples
    accepted = [example for example in examples if example.verdict is Verdict.ACCEPTED]
    if not accepted:
        yield RULE.error("expected an accepted submission, found none", "submissions", about="accepted")
    elif len(set(map(_skeleton, accepted))) < ACCEPTED:
        message = f"expected at least {ACCEPTED} accepted submissions that differ by more than names, found 1"
        remedy = "solve it a second time, by another idea"
        yield RULE.warning(message, "submissions/accepted", about="accepted", remedy=remedy)
    wrong = {_skeleton(example) for example in examples if example.verdict is not Verdict.ACCEPTED}
    if len(wrong) < WRONG:
        message = f"expected at least {WRONG} submissions that must not be accepted, found {len(wrong)}"
        remedy = "add the classic mistakes of this problem"
        yield RULE.warning(message, "submissions", about="wrong", remedy=remedy)


def _skeleton(example: ExampleSubmission) -> tuple[str, ...]:
    language = example.program.language
    if language == ANSWER:
        return (example.program.digest,)
    return (language, *(skeleton(file.content, language) for file in example.program.files))


RULE = Rule(
    name="submission-variety",
    level=Level.QUICK,
    summary=f"there are {ACCEPTED} accepted submissions that differ, and {WRONG} that must not be accepted",
    check=check,
)
