"""From the bytes of an answer to a typed value or a failure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from judge.grading.answers import read_answer
from judge.harness import wire
from judge.model.run import Killer
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason, Verdict
from tests.unit.grading.scripted import LIMITS, answered, failed

WRONG = Verdict.WRONG_ANSWER
LARGE = Verdict.OUTPUT_LIMIT_EXCEEDED
TALL = wire.Array("|i1", (wire.MAX_NODES + 1, 1), bytes(wire.MAX_NODES + 1))


def raw(data: bytes) -> Any:
    return replace(answered(None), answer=data)


def test_a_value_comes_typed() -> None:
    assert read_answer(answered((1, 2)), LIMITS, parse_type("list[float]")) == ([1.0, 2.0], None)
    value, failure = read_answer(answered(np.eye(2)), LIMITS, parse_type("array[float64, (n, n)]"))
    assert failure is None
    assert (value == np.eye(2)).all()


def test_none_is_an_answer() -> None:
    assert read_answer(answered(None), LIMITS, parse_type("Optional[int]")) == (None, None)


@pytest.mark.parametrize(
    ("outcome", "returns", "verdict", "reason", "message"),
    [
        (answered("5"), "int", WRONG, Reason.WRONG_TYPE, "answer: expected int, found a str of length 1"),
        (answered(None), "int", WRONG, Reason.WRONG_TYPE, "answer: expected int, found None"),
        (answered([1, None]), "list[int]", WRONG, Reason.WRONG_TYPE, "answer[1]: expected int, found None"),
        (answered((1, 2, 3)), "tuple[int, int]", WRONG, Reason.WRONG_SHAPE, "answer: expected 2 elements"),
        (answered(np.eye(2)), "array[float64, n]", WRONG, Reason.WRONG_SHAPE, "found shape (2, 2)"),
        (answered(TALL), "list[list[int]]", LARGE, Reason.ANSWER_SIZE, "expected at most 1000000 rows, found 1000001"),
        (raw(b"\x91" * 100 + b"\x05"), "int", LARGE, Reason.ANSWER_SIZE, "the answer: the value is nested too deeply"),
        (
            raw(b"\xc9\0\1\0\1\1" + bytes(65_537)),
            "int",
            LARGE,
            Reason.ANSWER_SIZE,
            "an integer has more than 524288 bits",
        ),
        (raw(b""), "int", Verdict.RUNTIME_ERROR, Reason.PROTOCOL, "the answer: the value is truncated"),
        (raw(b"\x05\x05"), "int", Verdict.RUNTIME_ERROR, Reason.PROTOCOL, "the answer: 1 bytes after the value"),
        (raw(b"\xc1"), "int", Verdict.RUNTIME_ERROR, Reason.PROTOCOL, "the answer: unknown format byte 0xc1"),
        (raw(b"\x82\x01\x01\x01\x01"), "int", Verdict.RUNTIME_ERROR, Reason.PROTOCOL, "a mapping has a key twice"),
    ],
)
def test_what_is_no_answer_is_a_failure(
    outcome: Any, returns: str, verdict: Verdict, reason: Reason, message: str
) -> None:
    value, failure = read_answer(outcome, LIMITS, parse_type(returns))
    assert value is None
    assert failure is not None
    assert (failure.verdict, failure.reason) == (verdict, reason)
    assert message in failure.message


@pytest.mark.parametrize("outcome", [raw(b"\xc1"), answered("x"), answered(5), failed()])
def test_the_facts_of_a_run_come_before_its_answer(outcome: Any) -> None:
    value, failure = read_answer(replace(outcome, killer=Killer.CPU), LIMITS, parse_type("int"))
    assert value is None
    assert failure is not None
    assert failure.reason is Reason.CPU_TIME
