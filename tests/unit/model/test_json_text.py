"""JSON as packages write it: the same values as Python's parser gives, and no other error than one with a line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.errors import SpecError
from judge.model.json_text import line_of_key, parse_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
PIECES = st.sampled_from(["{", "}", "[", "]", ",", ":", '"a"', '"b', "\\", "NaN", "-1e999", "1", "\n", " ", "[" * 70])


@given(VALUES, st.sampled_from([None, 2]))
def test_it_reads_what_python_writes(value, indent):
    assert parse_json(json.dumps(value, indent=indent), "file") == value


@given(st.lists(PIECES, max_size=30))
def test_any_text_is_a_value_or_an_error_with_a_line(pieces):
    text = "".join(pieces)
    lines = range(1, text.count("\n") + 2)
    assert line_of_error(text) in (None, *lines)


def line_of_error(text):
    """The line of what is wrong with a text, 0 when the error has none; None when nothing is wrong."""
    try:
        parse_json(text, "file")
    except SpecError as error:
        return error.line or 0
    return None


def test_deep_nesting_in_a_huge_text():
    with pytest.raises(SpecError, match=r"file:2: not valid JSON: nested deeper than 64 levels"):
        parse_json("\n" + "[" * 5_000_000, "file")


def test_the_line_of_a_key():
    text = '{"a": ["b:", "b"],\n"c": "b", "\\u0062"\n: 1}'
    assert (line_of_key(text, "a"), line_of_key(text, "b"), line_of_key(text, "d")) == (1, 2, None)
