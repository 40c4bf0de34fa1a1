"""What holds for every checker of plain values, whatever the type and whatever the answer."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judge.checkers.arrays import Arrays
from judge.checkers.contract import CaseFacts
from judge.checkers.exact import Exact
from judge.checkers.floats import Floats
from judge.harness import wire
from judge.model.signature import Signature, TypeExpr, conform, parse_type

STEADY = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
KEYS = st.sampled_from(["int", "str", "bool", "bytes"]).map(parse_type)
LEAVES = st.sampled_from(["bool", "int", "float", "str", "bytes", "array[float64, ...]", "array[int64, ...]"])
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "bool": st.booleans(),
    "int": st.one_of(st.integers(-2, 2), st.integers(-(10**40), 10**40)),
    "float": st.one_of(st.floats(), st.sampled_from([0.0, -0.0, 1.0])),
    "str": st.text(max_size=3),
    "bytes": st.binary(max_size=3),
}
SHAPES = st.lists(st.integers(0, 2), max_size=2).map(tuple)


def _compound(inner: st.SearchStrategy[TypeExpr]) -> st.SearchStrategy[TypeExpr]:
    return st.one_of(
        inner.map(lambda kind: TypeExpr(name="list", arguments=(kind,))),
        inner.map(lambda kind: TypeExpr(name="Optional", arguments=(kind,))),
        inner.map(lambda kind: TypeExpr(name="tuple", arguments=(kind,), variadic=True)),
        st.lists(inner, max_size=3).map(lambda kinds: TypeExpr(name="tuple", arguments=tuple(kinds))),
        st.tuples(KEYS, inner).map(lambda pair: TypeExpr(name="dict", arguments=pair)),
    )


TYPES = st.recursive(LEAVES.map(parse_type), _compound, max_leaves=5)


def _values(kind: TypeExpr) -> st.SearchStrategy[Any]:
    """Values of a type as they come over the wire."""
    if kind.name in SCALARS:
        return SCALARS[kind.name]
    if kind.name == "array":
        return SHAPES.flatmap(lambda shape: _arrays(kind.dtype, shape))
    inner = [_values(argument) for argument in kind.arguments]
    if kind.name == "list" or kind.variadic:
        return st.lists(inner[0], max_size=3)
    if kind.name == "Optional":
        return st.one_of(st.none(), inner[0])
    return st.tuples(*inner) if kind.name == "tuple" else st.dictionaries(inner[0], inner[1], max_size=3)


def _arrays(dtype: str, shape: tuple[int, ...]) -> st.SearchStrategy[wire.Array]:
    size = math.prod(shape)
    item = SCALARS["float"] if dtype == "float64" else st.integers(-3, 3)
    made = st.lists(item, min_size=size, max_size=size).map(lambda items: np.array(items, dtype).reshape(shape))
    return made.map(lambda values: wire.Array(values.dtype.str, values.shape, values.tobytes()))


def _equal(a: Any, b: Any) -> bool:
    """Equality by definition, one pair at a time."""
    if a is None or b is None:
        return a is b
    if isinstance(a, np.ndarray):
        return a.shape == b.shape and all(_equal(x, y) for x, y in zip(a.flat, b.flat, strict=True))
    if isinstance(a, dict):
        return len(a) == len(b) and all(key in b and _equal(value, b[key]) for key, value in a.items())
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(_equal, a, b))
    return bool(a == b)


def _fits(checker: Any, kind: TypeExpr) -> bool:
    try:
        checker.expected_type(Signature(parameters=(), returns=kind))
    except ValueError:
        return False
    return True


def _passed_over_the_wire(value: Any, kind: TypeExpr) -> Any:
    return conform(wire.decode(wire.encode(value)), kind)


EVERY = [
    Exact(),
    Floats(),
    Floats(nan="match", inf="match"),
    Arrays(),
    Arrays(nan="match", inf="match", scale="rms", factor=8),
    Arrays(nan="match", inf="match", ulp=4),
]
CHECKED = pytest.mark.parametrize("checker", EVERY, ids=repr)


def _case(expected: Any) -> CaseFacts:
    return CaseFacts(name="case", arguments={}, expected=expected)


def _usable(checker: Any, case: CaseFacts) -> bool:
    try:
        checker.check_key(case)
    except ValueError:
        return False
    return True


@STEADY
@given(TYPES, st.data())
def test_exact_is_equality_by_definition(kind: TypeExpr, data: Any) -> None:
    values = _values(kind)
    expected, answer = (_passed_over_the_wire(data.draw(values), kind) for _ in range(2))
    judgement = Exact().check(_case(expected), answer)
    assert judgement.accepted == _equal(expected, answer)
    assert (judgement.reason is None) == judgement.accepted
    assert judgement.accepted == (judgement.message == "")


@CHECKED
@settings(STEADY, max_examples=60)
@given(TYPES, st.data())
def test_a_key_is_accepted_as_an_answer_unless_check_key_refuses_it(checker: Any, kind: TypeExpr, data: Any) -> None:
    if not _fits(checker, kind):
        return
    raw = data.draw(_values(kind))
    expected, answer = _passed_over_the_wire(raw, kind), _passed_over_the_wire(raw, kind)
    assert checker.check(_case(expected), answer).accepted == _usable(checker, _case(expected))


@CHECKED
@settings(STEADY, max_examples=60)
@given(TYPES, st.data())
def test_no_answer_crashes_a_checker(checker: Any, kind: TypeExpr, data: Any) -> None:
    if not _fits(checker, kind):
        return
    expected, answer = (_passed_over_the_wire(data.draw(_values(kind)), kind) for _ in range(2))
    judgement = checker.check(_case(expected), answer)
    json.dumps(judgement.evidence, allow_nan=False)
    assert judgement.accepted == (judgement.reason is None)
    assert len(judgement.message) < 600


@CHECKED
@settings(STEADY, max_examples=50)
@given(LEAVES.map(parse_type), st.data())
def test_empty_truncated_and_overlong_answers_are_never_accepted(checker: Any, kind: TypeExpr, data: Any) -> None:
    wrapped = TypeExpr(name="list", arguments=(kind,))
    if not _fits(checker, wrapped):
        return
    raw = data.draw(st.lists(_values(kind), min_size=1, max_size=4))
    case = _case(_passed_over_the_wire(raw, wrapped))
    for answer in ([], raw[:-1], raw[1:], [*raw, raw[-1]], raw * 2):
        judgement = checker.check(case, _passed_over_the_wire(answer, wrapped))
        assert judgement.reason == "wrong_shape"


def test_checkers_are_values() -> None:
    assert Floats(rtol=0.5) == Floats(rtol=0.5)
    assert replace(Floats(rtol=0.5), rtol=1e-6) == Floats()
    assert len({Arrays(ulp=1), Arrays(ulp=1), Arrays(ulp=2)}) == 2


def test_the_last_of_many_small_parts_is_found() -> None:
    expected = [(i, (i, str(i))) for i in range(50_000)]
    other = [*expected[:-1], (49_999, (49_999, "x"))]
    assert Exact().check(_case(expected), list(expected)).accepted
    assert Exact().check(_case(expected), other).message.startswith("answer[49999][1][1] is 'x'")
    numbers = [float(i) for i in range(50_000)]
    assert Floats().check(_case([numbers]), [numbers]).accepted
