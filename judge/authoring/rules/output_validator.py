"""``output-validator``: a checker of the author's does not fail, and does not accept everything.

A plain package's validator is asked about junk and tricky outputs, any other about values that fit the return type.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from judge.authoring.answers import judge_answers, judges_answers, right_answers
from judge.authoring.input_checks import junk
from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.values import constant, mapped
from judge.checkers.contract import AuthoredChecker
from judge.model.finding import Finding
from judge.model.verdict import Reason

TESTS = 3
_OUTPUTS = "-1|2147483648|2147483647|9223372036854775808|0|1|1.0|a|2\n-1 1|2\n1|1\n-1 1|1\na|(()|1-|1/0|2\n<|NaN|inf|\0"
_NUMBERS = (0, 1, 2, 3, 5, 10, -1, 2**31, -(2**63), 1e300)


def check(package: Package) -> Iterator[Finding]:
    """Asks the checker about strange answers to the first tests."""
    if not isinstance(package.checker, AuthoredChecker) or not judges_answers(package):
        return
    answers = [(at, answer) for at in range(min(TESTS, len(package.plan.cases))) for answer in _strange(package, at)]
    judgements = judge_answers(package, answers)
    file = package.plan.checker.author.file if package.plan.checker.author else "judge.yaml"
    faults = [(at, said.message) for (at, _), said in zip(answers, judgements, strict=True) if _failed(said.reason)]
    for at, message in faults[:1]:
        count = f"{len(faults)} of {len(answers)} strange answers"
        yield RULE.error(f"it fails on {count}, the first to {package.plan.cases[at].name}: {message}", file)
    if answers and all(judgement.accepted for judgement in judgements):
        yield RULE.error(f"expected that it rejects one of {len(answers)} strange answers, found none", file)


def _failed(reason: Reason | None) -> bool:
    return reason is Reason.CHECKER


def _strange(package: Package, at: int) -> Iterator[Any]:
    if package.is_plain:
        yield from junk().values()
        yield from (text.encode() + b"\n" for text in _OUTPUTS.split("|"))
        yield b"\x80"
        return
    right = right_answers(package, range(min(TESTS, len(package.plan.cases))))
    kind = package.plan.signature.returns
    for number in _NUMBERS:
        if at in right:
            yield mapped(kind, right[at], constant(number))


RULE = Rule(
    name="output-validator",
    level=Level.QUICK,
    summary="a checker of the author's neither fails nor accepts everything",
    check=check,
)
