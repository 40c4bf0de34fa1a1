"""The checker ``mapping``."""

from __future__ import annotations

import math
from typing import Any

import pytest

from judge.checkers.contract import CaseFacts
from judge.checkers.mapping import Mappings
from judge.model.signature import Signature
from judge.model.type_expr import parse_type

METRICS = {"auc": 0.75, "loss": 2.0, "n": 100.0}


def _judge(answer: Any, **parameters: Any) -> Any:
    return Mappings(**parameters).check(CaseFacts(name="case", arguments={}, expected=METRICS), answer)


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, "accepted"),
        ({"auc": 0.755}, "accepted"),
        ({"auc": 0.765}, "wrong_value"),
        ({"loss": 2.005}, "wrong_value"),
        ({"loss": 2.0 + 1e-6}, "accepted"),
        ({"n": 100.5}, "accepted"),
        ({"n": 102.0}, "wrong_value"),
        ({"n": math.nan}, "not_finite"),
        ({"extra": 1.0}, "wrong_shape"),
    ],
)
def test_a_key_may_have_a_tolerance_of_its_own(judged: Any, change: Any, verdict: str) -> None:
    checker = {"name": "mapping", "keys": {"auc": {"atol": 0.01}, "n": {"rtol": 0.01}}}
    judgement = judged(checker, "dict[str, float]", METRICS, {**METRICS, **change})
    assert ("accepted" if judgement.accepted else judgement.reason) == verdict


def test_missing_and_extra_keys_are_named() -> None:
    judgement = _judge({"auc": 0.75, "los": 2.0, "m": 1.0})
    assert judgement.reason == "wrong_value"
    assert (
        judgement.message == "answer: the key 'los' and 1 more is not expected, and 2 of the expected keys are missing"
    )
    assert judgement.evidence == {"extra": ["'los'", "'m'"], "missing": ["'loss'", "'n'"]}
    assert _judge({"auc": 0.75, "loss": 2.0}).message == "answer: 1 of the expected keys is missing"
    assert _judge({"auc": 0.75, "loss": 2.0}).reason == "wrong_shape"


def test_the_margin_is_the_largest_of_all_tolerances() -> None:
    rules = {"rtol": 0.0, "atol": 0.5, "keys": {"auc": {"atol": 0.125}}}
    judgement = _judge({"auc": 0.8125, "loss": 2.125, "n": 100.0}, **rules)
    assert (judgement.accepted, judgement.margin) == (True, 0.5)
    assert judgement.evidence["worst"] == "answer['auc']"
    assert (judgement.evidence["compared"], judgement.evidence["outside"]) == (3, 0)
    judgement = _judge({"auc": 1.0, "loss": 4.0, "n": 100.0}, **rules)
    assert (judgement.margin, judgement.evidence["outside"]) == (4.0, 2)
    assert judgement.message.startswith("answer['loss'] is 4.0: outside the tolerance (relative 0, absolute 0.5)")


def test_values_of_other_types(judged: Any) -> None:
    returns = "dict[int, tuple[str, array[float64, (n,)]]]"
    expected = {1: ("a", [1.0, 2.0]), 2: ("b", [])}
    checker = {"name": "mapping", "atol": 0.5}
    assert judged(checker, returns, expected, {2: ("b", []), 1: ("a", [1.5, 2.0])}).accepted
    assert judged(checker, returns, expected, {2: ("b", []), 1: ("a", [1.5])}).reason == "wrong_shape"
    assert judged(checker, returns, expected, {2: ("c", []), 1: ("a", [1.5, 2.0])}).reason == "wrong_value"
    assert judged(checker, "dict[str, int]", {"a": 10**30}, {"a": 10**30 + 1}).reason == "wrong_value"
    assert judged(checker, "dict[str, int]", {}, {}).margin == 0.0


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"rtol": -1}, "rtol: expected a finite number of at least 0, found -1"),
        ({"keys": ["auc"]}, "keys: expected a mapping from keys to tolerances, found ['auc']"),
        ({"keys": {1: {"atol": 1}}}, "keys: expected keys of str, found 1"),
        ({"keys": {"auc": {}}}, "keys: 'auc': expected rtol, atol or both, found {}"),
        ({"keys": {"auc": {"tol": 1}}}, "keys: 'auc': expected rtol, atol or both"),
        ({"keys": {"auc": {"atol": -1}}}, "keys: 'auc': atol: expected a finite number of at least 0, found -1"),
        ({"nan": "ok"}, "nan: expected one of refuse, match, found 'ok'"),
    ],
)
def test_parameters_out_of_range(parameters: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        Mappings(**parameters)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("returns", "parameters", "message"),
    [
        ("list[float]", {}, "expected the return type dict[K, V], found list[float]"),
        ("dict[float, float]", {}, "expected keys of bool, bytes, int, str or tuples of these"),
        ("dict[int, float]", {"keys": {"a": {"atol": 1}}}, "keys: expected a mapping whose keys are str"),
    ],
)
def test_signatures_that_it_cannot_judge(returns: str, parameters: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        Mappings(**parameters).expected_type(Signature(parameters=(), returns=parse_type(returns)))
    assert str(caught.value).startswith(message)


def test_keys_that_cannot_be_judged_against() -> None:
    with pytest.raises(ValueError, match="keys: expected keys of the expected value, found 'acc'"):
        Mappings(keys={"acc": {"atol": 1}}).check_key(CaseFacts(name="case", arguments={}, expected=METRICS))
    with pytest.raises(ValueError, match="is nan: expected a finite number, or 'nan: match'"):
        Mappings().check_key(CaseFacts(name="case", arguments={}, expected={"a": math.nan}))
