"""NumPy's arrays and scalars on the wire: what is sent is their plain content."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from judge.harness import wire
from tests.unit.harness.values import same

DTYPES = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "g", "c8", "c16", "G"]


def sent(value: Any) -> Any:
    return wire.decode(wire.encode(value))


def revived(value: Any) -> np.ndarray[Any, Any]:
    array = sent(value)
    assert type(array) is wire.Array
    return np.frombuffer(array.data, dtype=array.dtype).reshape(array.shape)


def check(found: Any, expected: np.ndarray[Any, Any]) -> None:
    array = revived(found)
    assert array.dtype == expected.dtype.newbyteorder("<")
    assert array.shape == expected.shape
    assert array.tobytes() == expected.astype(array.dtype).tobytes()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 3), (1,) * 32])
def test_arrays_of_every_dtype_and_shape_come_back(dtype: str, shape: tuple[int, ...]) -> None:
    array = np.arange(np.prod(shape), dtype="i8").astype(dtype).reshape(shape)
    check(array, array)


@pytest.mark.parametrize("dtype", [">i2", ">u4", ">i8", ">f4", ">f8", ">c16"])
def test_big_endian_arrays_are_sent_little_endian(dtype: str) -> None:
    array = np.array([1, 2, 515], dtype=dtype)
    check(array, array)
    assert sent(array).dtype.startswith("<")
    assert sent(np.array(7, dtype=dtype)).shape == ()


@pytest.mark.parametrize(
    "view",
    [
        lambda a: a.T,
        lambda a: a[::2, ::-1],
        lambda a: a[:, 1],
        np.asfortranarray,
        lambda a: np.broadcast_to(a[0], (3, 4)),
        lambda a: np.lib.stride_tricks.sliding_window_view(a.ravel(), 3),
    ],
    ids=["transposed", "strided", "column", "fortran", "broadcast", "window"],
)
def test_arrays_that_are_not_contiguous_are_sent_in_c_order(view: Any) -> None:
    array = view(np.arange(12.0).reshape(3, 4))
    check(array, array)


@pytest.mark.parametrize("nan", [0x7FF8000000000000, 0x7FF8DEADBEEF0001, 0xFFF8000000000001])
def test_the_bits_of_nan_in_arrays_survive(nan: int) -> None:
    array = np.array([nan], dtype="u8").view("f8")
    assert revived(array).view("u8")[0] == nan


@pytest.mark.parametrize(
    ("array", "dtype"),
    [
        (np.array(object()), "object"),
        (np.array("a"), "<U1"),
        (np.array([b"a"]), r"\|S1"),
        (np.array(["2020-01-01"], dtype="M8[D]"), r"datetime64\[D\]"),
        (np.zeros(2, dtype=[("a", "i4"), ("b", "f8")]), r"\[\('a', '<i4'\), \('b', '<f8'\)\]"),
        (np.zeros(2, dtype="V3"), r"\|V3"),
    ],
    ids=["object", "str", "bytes", "datetime", "structured", "void"],
)
def test_arrays_of_other_dtypes_are_refused_by_name(array: Any, dtype: str) -> None:
    with pytest.raises(TypeError, match=f"an array of dtype {dtype} cannot be returned"):
        wire.encode(array)


@pytest.mark.parametrize(
    ("array", "lists"),
    [
        (np.array(["b", "", "a\U0001f642"]), ["b", "", "a\U0001f642"]),
        (np.random.default_rng(1).permutation(["same"] * 3), ["same"] * 3),
        (np.array([["a", "b"], ["c", "d"]]), [["a", "b"], ["c", "d"]]),
        (np.array([], dtype=str), []),
        (np.array([1 << 70, -1]), [1 << 70, -1]),
        (np.array([[1], [2, 3], None], dtype=object), [[1], [2, 3], None]),
    ],
    ids=["texts", "drawn", "rows", "empty", "integers of any size", "objects"],
)
def test_arrays_of_texts_and_objects_are_sent_as_lists(array: Any, lists: Any) -> None:
    assert same(sent(array), lists)


def test_an_array_of_what_cannot_be_returned_is_refused() -> None:
    with pytest.raises(TypeError, match="a value of type 'object' cannot be returned"):
        wire.encode(np.array([1, object()]))
    holds_itself = np.empty(1, dtype=object)
    holds_itself[0] = holds_itself
    with pytest.raises(wire.LimitError, match="nested deeper"):
        wire.encode(holds_itself)


def test_masked_arrays_are_sent_without_their_mask() -> None:
    masked = np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0])
    check(masked, np.array([1.0, 2.0, 3.0]))
    check(np.ma.array(7), np.array(7))


def test_subclasses_of_arrays_are_sent_as_their_content_whatever_they_override() -> None:
    class Liar(np.ndarray):  # type: ignore[type-arg]
        dtype = shape = "lie"  # type: ignore[assignment]

        def __array__(self, *_: Any, **__: Any) -> Any:
            return np.array([99])

        def tobytes(self, *_: Any) -> bytes:
            return b"lie"

        def __array_finalize__(self, _: Any) -> None:
            return None

        reshape = astype = item = tolist = __getitem__ = tobytes  # type: ignore[assignment]

    content = np.arange(6).reshape(2, 3)
    check(np.ndarray.view(content, Liar), content)
    check(content.view(np.matrix), content)


@pytest.mark.parametrize(
    ("scalar", "plain"),
    [
        (np.bool_(True), True),
        (np.int8(-3), -3),
        (np.uint64(2**64 - 1), 2**64 - 1),
        (np.float16(0.5), 0.5),
        (np.float32(0.1), float(np.float32(0.1))),
        (np.float64(0.1), 0.1),
        (np.str_("é"), "é"),
        (np.bytes_(b"x"), b"x"),
        (np.array([5], dtype=">i4")[0], 5),
    ],
    ids=lambda value: type(value).__name__,
)
def test_scalars_are_sent_as_python_values(scalar: Any, plain: Any) -> None:
    for holder in (lambda v: v, lambda v: [v] * 9, lambda v: (v,), lambda v: {"k": v}):
        assert same(sent(holder(scalar)), holder(plain))


def test_scalars_can_be_keys() -> None:
    assert same(sent({np.int64(1): 2, np.str_("a"): 3}), {1: 2, "a": 3})


def test_subclasses_of_scalars_are_sent_as_their_content_whatever_they_override() -> None:
    class Liar(np.float64):
        dtype = "lie"  # type: ignore[assignment]

        def item(self, *_: Any) -> Any:
            return "lie"

        def __float__(self) -> float:
            return 99.0

    assert same(sent(Liar(2.5)), 2.5)


@pytest.mark.parametrize(
    "scalar", [np.complex128(1j), np.longdouble(1), np.datetime64("2020-01-01"), np.timedelta64(1, "s"), np.void(b"x")]
)
def test_scalars_without_a_python_value_on_the_wire_are_refused_by_name(scalar: Any) -> None:
    with pytest.raises(TypeError, match=r"a value of dtype .* cannot be returned"):
        wire.encode(scalar)


def test_an_array_keeps_its_place_in_a_nested_value() -> None:
    value = sent({"x": [np.eye(2), (np.int32(4), np.array(1.5))]})
    assert value["x"][0] == wire.Array("<f8", (2, 2), np.eye(2).tobytes())
    assert value["x"][1] == (4, wire.Array("<f8", (), np.array(1.5).tobytes()))
    assert repr(value["x"][0]) == "Array('<f8', (2, 2))"
    assert len({value["x"][0], wire.Array("<f8", (2, 2), np.eye(2).tobytes())}) == 1
