"""Plain values as JSON."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from google.protobuf import json_format, struct_pb2
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.harness.wire import Array
from judge.rpc.values import plain, printable, struct_value, to_json

REPEATABLE = settings(derandomize=True, deadline=None)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
any_text = st.text(st.characters(exclude_categories=()))  # lone surrogates too


@REPEATABLE
@given(json_values)
def test_json_values_stay_as_they_are(value: Any) -> None:
    assert json.loads(to_json(value)) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((1, (2,)), [1, [2]]),
        (b"\x00\xff", "AP8="),
        (math.nan, "NaN"),
        ([math.inf, -math.inf], ["Infinity", "-Infinity"]),
        (1 + 2j, [1.0, 2.0]),
        ({1: "a", (2, 3): "b", None: "c"}, {"1": "a", "[2, 3]": "b", "null": "c"}),
        (Fraction(1, 3), "1/3"),
        (np.arange(4).reshape(2, 2), [[0, 1], [2, 3]]),
        (np.array([1.0, np.nan]), [1.0, "NaN"]),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (Array("<f8", (2,), np.array([1.0, 2.0]).tobytes()), [1.0, 2.0]),
        ("a\ud800", "a\\ud800"),
        ({"\ud800": 1}, {"\\ud800": 1}),
    ],
)
def test_other_plain_values(value: Any, expected: Any) -> None:
    assert plain(value) == expected
    assert json.loads(to_json(value)) == expected


def test_integers_keep_their_digits() -> None:
    assert to_json({"n": 1 << 200}) == f'{{"n": {1 << 200}}}'


def test_what_is_not_a_plain_value_is_refused() -> None:
    with pytest.raises(TypeError, match="a value of type 'object' has no JSON form"):
        plain([object()])


@REPEATABLE
@given(st.dictionaries(any_text, json_values | any_text | st.floats() | st.integers(), max_size=4))
def test_everything_fits_into_a_struct_and_its_json(evidence: dict[str, Any]) -> None:
    message = struct_pb2.Struct()
    message.update(struct_value(evidence))
    json.loads(json_format.MessageToJson(message))


def test_integers_that_a_double_cannot_hold_become_text() -> None:
    assert struct_value([1 << 53, (1 << 53) + 1, -(1 << 60)]) == [1 << 53, str((1 << 53) + 1), str(-(1 << 60))]


@REPEATABLE
@given(any_text)
def test_printable_text_is_utf8_and_other_text_is_left_alone(text: str) -> None:
    shown = printable(text)
    shown.encode()
    if not any("\ud800" <= character <= "\udfff" for character in text):
        assert shown == text
