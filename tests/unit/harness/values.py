"""Strategies for the values that the wire encoding carries, and a comparison that sees types and bits."""

from __future__ import annotations

import struct
from typing import Any

from hypothesis import strategies as st

from judge.harness.wire import Array

INT64 = 1 << 63
INTEGERS = st.one_of(
    st.integers(-300, 300),
    st.integers(-INT64 - 2, 2 * INT64 + 2),
    st.integers(),
    st.sampled_from([-33, -32, 127, 128, -INT64, -INT64 - 1, INT64 - 1, INT64, 2 * INT64 - 1, 2 * INT64, 10**4000]),
)
TEXTS = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)  # lone surrogates too
KEYS = st.one_of(st.booleans(), INTEGERS, TEXTS, st.binary(max_size=9), st.tuples(st.integers(), TEXTS))


@st.composite
def arrays(draw: st.DrawFn) -> Array:
    """Arrays of every dtype, of up to three dimensions, with any bits."""
    dtype = draw(st.sampled_from(["|b1", "|i1", "<i4", "<i8", "<u2", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"]))
    shape = tuple(draw(st.lists(st.integers(0, 3), max_size=3)))
    size = int(dtype[2:])
    for extent in shape:
        size *= extent
    return Array(dtype, shape, draw(st.binary(min_size=size, max_size=size)))


LEAVES = st.one_of(
    st.none(), st.booleans(), INTEGERS, st.floats(), TEXTS, st.binary(max_size=300), arrays(), st.lists(st.integers()),
    st.lists(st.floats()),
)  # fmt: skip


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.lists(inner, max_size=17),
        st.lists(inner, max_size=17).map(tuple),
        st.dictionaries(KEYS, inner, max_size=17),
    )


VALUES = st.recursive(LEAVES, _nested, max_leaves=8)


def same(left: Any, right: Any) -> bool:
    """Equality of values, of their exact types, of the bits of floats and of the order of mappings."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return struct.pack("<d", left) == struct.pack("<d", right)
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return same(list(left.items()), list(right.items()))
    return bool(left == right)
