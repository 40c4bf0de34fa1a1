"""How signature types are written and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.model.type_expr import DTYPES, SCALARS, TypeExpr, parse_type

EXTENTS = st.one_of(st.integers(0, 9), st.sampled_from(["n", "m", "dims"]))


def _arrays(dtype: str, shape: list[int | str] | None) -> TypeExpr:
    return TypeExpr(name="array", dtype=dtype, shape=None if shape is None else tuple(shape))


def _compound(inner: st.SearchStrategy[TypeExpr]) -> st.SearchStrategy[TypeExpr]:
    return st.one_of(
        st.builds(
            lambda name, kind: TypeExpr(name=name, arguments=(kind,)), st.sampled_from(["list", "Optional"]), inner
        ),
        st.builds(lambda key, item: TypeExpr(name="dict", arguments=(key, item)), inner, inner),
        st.builds(lambda kinds: TypeExpr(name="tuple", arguments=tuple(kinds)), st.lists(inner, max_size=3)),
        st.builds(lambda kind: TypeExpr(name="tuple", arguments=(kind,), variadic=True), inner),
    )


TYPES = st.recursive(
    st.one_of(
        st.sampled_from(SCALARS).map(lambda name: TypeExpr(name=name)),
        st.builds(_arrays, st.sampled_from(DTYPES), st.none() | st.lists(EXTENTS, max_size=3)),
    ),
    _compound,
    max_leaves=8,
)


@given(TYPES)
def test_a_type_is_read_as_it_is_written(kind: TypeExpr) -> None:
    assert parse_type(str(kind)) == kind


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        (" int ", "int"),
        ("list[ list[int ] ]", "list[list[int]]"),
        ("tuple[int,str,]", "tuple[int, str]"),
        ("tuple[int]", "tuple[int]"),
        ("tuple[()]", "tuple[()]"),
        ("tuple[int,...]", "tuple[int, ...]"),
        ("dict[str,Optional[float]]", "dict[str, Optional[float]]"),
        ("array[float64, n]", "array[float64, (n,)]"),
        ("array[float64, (n)]", "array[float64, (n,)]"),
        ("array[float64,(n,2)]", "array[float64, (n, 2)]"),
        ("array[bool, ...]", "array[bool, ...]"),
        ("array[bool, ()]", "array[bool, ()]"),
    ],
)
def test_a_type_has_one_canonical_form(text: str, canonical: str) -> None:
    assert str(parse_type(text)) == canonical


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"expected a type such as 'list\[int\]', found ''"),
        ("list[int", "expected a type such as"),
        ("int float", "expected a type such as"),
        ("integer", r"expected one of bool, int, .*, found 'integer' in 'integer'"),
        ("list", "found 'list'"),
        ("list[int, int]", r"found 'list\[int, int\]'"),
        ("list[number]", r"found 'number' in 'list\[number\]'"),
        ("Optional[int, str]", "found 'Optional"),
        ("dict[str]", r"found 'dict\[str\]'"),
        ("dict[str, int, int]", "found 'dict"),
        ("tuple[...]", r"found '\.\.\.'"),
        ("tuple[int, ..., int]", r"found '\.\.\.'"),
        ("tuple[..., int]", r"found '\.\.\.'"),
        ("int[str]", r"found 'int\[str\]'"),
        ("typing.List[int]", "found 'typing.List"),
        ("int | None", r"found 'int \| None'"),
        ("__import__('os')", "found"),
        ("array[float16, n]", r"array\[dtype, shape\] with a dtype of bool, int32,"),
        ("array[float64]", r"expected array\[dtype, shape\]"),
        ("array[float64, n, m]", r"expected array\[dtype, shape\]"),
        ("array[float64, (n, ...)]", r"expected a dimension such as n or 3, found '\.\.\.'"),
        ("array[float64, (-1,)]", "expected a dimension such as n or 3, found '-1'"),
        ("array[float64, (True,)]", "found 'True'"),
        ("array[float64, (1.5,)]", r"found '1\.5'"),
    ],
)
def test_what_is_not_a_type_is_refused_with_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_type(text)


@given(st.text("[](),. intflosrdcepyOa0N1_|'\"\\\n\0#:=", max_size=30))
def test_any_text_is_a_type_or_a_value_error(text: str) -> None:
    try:
        assert parse_type(str(parse_type(text)))
    except ValueError:
        return
