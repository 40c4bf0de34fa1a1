"""``checker-steady``: a checker of the author's says the same of the same answer, whatever it was asked before."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.answers import judge_answers, judges_answers, right_answers
from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.values import constant, mapped
from judge.checkers.contract import AuthoredChecker
from judge.model.finding import Finding
from judge.model.report import Judgement

TESTS = 4
TIMES = 12  # that each answer is judged, every other time in the reverse order


def check(package: Package) -> Iterator[Finding]:
    """Asks about right answers and about zeros, again and again."""
    if package.is_plain or not isinstance(package.checker, AuthoredChecker) or not judges_answers(package):
        return
    cases, kind = package.plan.cases[:TESTS], package.plan.signature.returns
    right = list(right_answers(package, range(len(cases))).items())
    base = [*right, *((at, mapped(kind, answer, constant(0))) for at, answer in right)]
    asked = [each for time in range(TIMES) for each in (base if time % 2 == 0 else base[::-1])]
    said: dict[tuple[int, str], list[Judgement]] = {}
    for (at, answer), judgement in zip(asked, judge_answers(package, asked), strict=True):
        said.setdefault((at, repr(answer)), []).append(judgement)
    file = package.plan.checker.author.file if package.plan.checker.author else "judge.yaml"
    for (at, answer), judgements in said.items():
        accepted = sum(judgement.accepted for judgement in judgements)
        if 0 < accepted < len(judgements):
            message = f"asked {len(judgements)} times about {answer[:100]}, it accepted {accepted} times"
            remedy = "keep nothing between two answers, and draw from a generator with a seed of its own"
            yield RULE.error(f"{message}: expected all or none", file, about=cases[at].name, remedy=remedy)
            return


RULE = Rule(
    name="checker-steady",
    level=Level.QUICK,
    summary="a checker of the author's says the same of the same answer",
    check=check,
)
