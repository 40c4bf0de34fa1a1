"""What the tests of checkers share: judging one answer by a checker that is named as in a package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from judge.checkers import build
from judge.checkers.contract import CaseFacts
from judge.model.conform import conform
from judge.model.report import Judgement
from judge.model.signature import Method, Parameter, Signature, signature_of_class, signature_of_tests
from judge.model.type_expr import NOTHING, parse_type

Judged = Callable[..., Judgement]


def _judged(
    checker: Mapping[str, Any],
    returns: str,
    expected: Any,
    answer: Any,
    *,
    parameters: Mapping[str, str] | None = None,
    arguments: Mapping[str, Any] | None = None,
    methods: Mapping[str, Any] | None = None,
    tests: Mapping[str, str] | None = None,
) -> Judgement:
    """Returns the judgement on ``answer``, after all that a grading does before: types, conforming, the answer key."""
    built: Any = build(checker["name"], {key: value for key, value in checker.items() if key != "name"})
    if methods:
        signature = _class(methods)
    elif tests:
        tested = Parameter(name=tests["name"], type=parse_type(tests["type"], oracles=True))
        names = tuple(f"a{number}" for number in range(len(tested.type.arguments) - 1))
        signature = signature_of_tests(tested, names)
    else:
        signature = Signature(parameters=_declared(parameters), returns=parse_type(returns))
    case = CaseFacts(
        name="case",
        arguments={
            p.name: conform((arguments or {})[p.name], p.type, p.name) for p in signature.parameters if not p.is_oracle
        },
        expected=conform(expected, built.expected_type(signature), "expected"),
    )
    built.check_key(case)
    judgement: Judgement = built.check(case, conform(answer, signature.returns))
    return judgement


def _declared(parameters: Mapping[str, str] | None) -> tuple[Parameter, ...]:
    return tuple(Parameter(name=name, type=parse_type(text)) for name, text in (parameters or {}).items())


def _class(methods: Mapping[str, Any]) -> Signature:
    return signature_of_class(
        tuple(
            Method(
                name=name,
                parameters=_declared(each.get("parameters")),
                returns=parse_type(each["returns"]) if "returns" in each else NOTHING,
            )
            for name, each in methods.items()
        )
    )


@pytest.fixture(scope="session")
def judged() -> Judged:
    """Judges one answer: ``judged({"name": "float", "rtol": 0.1}, "list[float]", expected, answer)``."""
    return _judged
