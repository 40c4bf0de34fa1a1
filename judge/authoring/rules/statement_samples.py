"""``statement-samples``: the examples of the statement are the tests of ``data/sample``, and the other way round.

An example's answer, where it is written as a value, is judged by the checker.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from judge.authoring.answers import judge_answers, judges_answers
from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.statements import Row, assigned, literal, rows
from judge.harness import wire
from judge.model.conform import Mismatch, conform
from judge.model.finding import Finding
from judge.model.type_expr import TypeExpr
from judge.spec.metadata import STATEMENT

KINDS = ("function", "class", "sql")


def check(package: Package) -> Iterator[Finding]:
    """Compares values."""
    if package.plan.kind not in KINDS or not package.problem.statement.strip():
        return
    samples = [at for at, case in enumerate(package.plan.cases) if case.sample]
    given = {at: package.plan.arguments_of(package.plan.cases[at]) for at in samples}
    names = sorted({name for arguments in given.values() for name in arguments})
    shown = list(rows(package.problem.statement, names))
    written = assigned(package.problem.statement, names)
    for row in shown:
        fitting = [at for at in samples if _names(package, row, given[at])] if row.arguments else []
        if not fitting and set(row.arguments) == set(names):
            message = f"the example {_brief(row.arguments)} is no test of data/sample"
            yield RULE.warning(message, STATEMENT, line=row.line, remedy="add it to data/sample")
        elif fitting:
            yield from _answer(package, row, fitting[0])
    if package.plan.kind != "function" and not any(set(row.arguments) == set(names) for row in shown):
        return  # calls and tables can be shown in many ways
    nothing = Row(arguments={}, others=(), answer="", line=1)
    for at in samples:
        if not any(_shows(package, row, written, given[at]) for row in [*shown, nothing]):
            name = package.plan.cases[at].name
            message = f"{name} is not among the examples of {STATEMENT}"
            yield RULE.warning(message, f"data/{name}.in", about=name, remedy="show it to the candidates")


def _names(package: Package, row: Row, given: dict[str, Any]) -> bool:
    """Whether the columns that are named like parameters have the sample's values."""
    return all(name in given and _equal(package, name, value, given[name]) for name, value in row.arguments.items())


def _shows(package: Package, row: Row, written: dict[str, list[Any]], given: dict[str, Any]) -> bool:
    """Whether a row, with what is assigned in the text, shows all of a sample's arguments."""
    return _names(package, row, given) and all(
        name in row.arguments or any(_equal(package, name, shown, value) for shown in (*written[name], *row.others))
        for name, value in given.items()
    )


def _equal(package: Package, name: str, shown: Any, given: Any) -> bool:
    kind = next(parameter.type for parameter in package.plan.signature.parameters if parameter.name == name)
    try:
        value = _typed(shown, kind)
    except (Mismatch, ValueError, TypeError):
        return False
    return bool(np.array_equal(value, given)) if isinstance(given, np.ndarray) else bool(value == given)


def _typed(shown: Any, kind: TypeExpr) -> Any:
    """What is written as a value, as a value of that type. Raises Mismatch, ValueError or TypeError."""
    return conform(wire.decode(wire.encode(_built(shown, kind))), kind)


def _built(shown: Any, kind: TypeExpr) -> Any:
    """Makes arrays and calls where the type has them."""
    if kind.name == "calls" and isinstance(shown, list):
        return [tuple(call) for call in shown]
    if kind.name == "array":
        return np.array(shown, dtype=kind.dtype)
    if kind.name == "list" and isinstance(shown, list):
        return [_built(item, kind.arguments[0]) for item in shown]
    if kind.name == "tuple" and isinstance(shown, (list, tuple)) and len(shown) == len(kind.arguments):
        return tuple(_built(item, each) for item, each in zip(shown, kind.arguments, strict=True))
    return shown


def _answer(package: Package, row: Row, at: int) -> Iterator[Finding]:
    """Judges the answer that an example shows, if it is a value of the return type."""
    value = literal(row.answer) if row.answer.count("`") in (0, 2) and row.answer.endswith("`") else None
    kind = package.plan.signature.returns
    if value is None or not judges_answers(package):
        return
    try:
        answer = _typed(value[0], kind)
    except (Mismatch, ValueError, TypeError):
        return
    (judgement,) = judge_answers(package, [(at, answer)])
    if not judgement.accepted:
        message = f"the answer {row.answer} to {package.plan.cases[at].name} is not accepted: {judgement.message}"
        yield RULE.error(message, STATEMENT, line=row.line, about=package.plan.cases[at].name)


def _brief(arguments: dict[str, Any]) -> str:
    text = json.dumps(arguments, default=str)
    return text if len(text) < 80 else f"{text[:77]}..."


RULE = Rule(
    name="statement-samples",
    level=Level.QUICK,
    summary="the statement's examples are the samples, and their answers are accepted",
    check=check,
)
