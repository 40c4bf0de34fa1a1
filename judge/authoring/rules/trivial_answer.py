"""``trivial-answer``: no submission that does not look at the question is accepted, and none passes half of the tests.

Each answer policy (zeros, ones, NaN, nothing, an argument, the mean, the first test's answer) is tried on every test,
as a submission would be: one test that rejects it is enough.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from judge.authoring.answers import judge_answers, judges_answers, right_answers
from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.values import constant, holds, mapped, numbers
from judge.model.finding import Finding
from judge.model.type_expr import TypeExpr

MOST_PASSED = 0.5  # of the tests that are not samples
FEW = 6  # tests, of which a policy may pass half by chance
_NOTHING = object()
Policy = Callable[[int, Any], Any]  # from a test's position and its right answer to an answer, or _NOTHING


def check(package: Package) -> Iterator[Finding]:
    """Judges what every policy answers."""
    if not judges_answers(package):
        return
    right = right_answers(package, range(len(package.plan.cases)))
    for name, policy in _policies(package, right).items():
        answers = [(at, answer) for at, value in right.items() if (answer := policy(at, value)) is not _NOTHING]
        if len(answers) == len(package.plan.cases):
            yield from _judged(package, name, answers)


def _judged(package: Package, name: str, answers: list[tuple[int, Any]]) -> Iterator[Finding]:
    judgements = judge_answers(package, answers)
    passed = [at for (at, _), judgement in zip(answers, judgements, strict=True) if judgement.accepted]
    remedy = "tighten the checker, or add tests whose right answer is another"
    if len(passed) == len(answers):
        message = f"whoever answers {name} is accepted: expected a test that rejects it, found none"
        yield RULE.error(message, line=package.line("checker"), about=name, remedy=remedy)
        return
    secret = {at for at, case in enumerate(package.plan.cases) if not case.sample}
    share = len(secret.intersection(passed)) / len(secret)
    if share > MOST_PASSED and len(secret) >= FEW:
        message = f"whoever answers {name} passes {share:.0%} of the secret tests: expected at most {MOST_PASSED:.0%}"
        yield RULE.warning(message, line=package.line("checker"), about=name, remedy=remedy)


def _policies(package: Package, right: dict[int, Any]) -> dict[str, Policy]:
    kind = package.plan.signature.returns
    first = next(iter(right.values()), None)
    made: dict[str, Policy] = {
        "zeros": lambda at, value: mapped(kind, value, constant(0)),
        "ones": lambda at, value: mapped(kind, value, constant(1)),
        "nothing": lambda at, value: _empty(kind, value),
        "the answer to the first test": lambda at, value: first,
    }
    if holds(kind, "float"):
        known = [number for value in right.values() for number in numbers(value)]
        mean = math.fsum(known) / len(known) if known else 0.0
        made["NaN"] = lambda at, value: mapped(kind, value, constant(math.nan))
        made["the mean of all answers"] = lambda at, value: mapped(kind, value, constant(mean))
    for parameter in package.plan.signature.parameters:
        if parameter.type == kind and not parameter.is_oracle:
            made[f"its argument {parameter.name!r}"] = _echo(package, parameter.name)
    return made


def _echo(package: Package, name: str) -> Policy:
    return lambda at, value: package.cases[at].arguments.get(name, _NOTHING)


def _empty(kind: TypeExpr, value: Any) -> Any:
    if kind.name == "Optional":
        return None
    if kind.name in ("list", "str", "bytes", "dict"):
        return type(value)()
    return value[:0] if kind.name == "array" and value.ndim else () if kind.variadic else _NOTHING


RULE = Rule(
    name="trivial-answer",
    level=Level.QUICK,
    summary="an answer that does not look at the question is not accepted",
    check=check,
)
