"""Whatever bytes come, the decoder returns a value or raises WireError, and takes memory for what it has seen only."""

from __future__ import annotations

import struct
import tracemalloc
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from judge.harness import wire
from judge.harness.wire import LimitError, WireError
from judge.model.conform import Mismatch, brief, conform, describe
from judge.model.type_expr import parse_type
from tests.unit.harness.values import VALUES

HEADS = [0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, *range(0xC0, 0xE0)]
TYPES = [parse_type(text) for text in ("array[float64, ...]", "array[int32, n]", "list[list[int]]", "float")]


def ext(code: int, body: bytes) -> bytes:
    return struct.pack(">BIB", 0xC9, len(body), code) + body


def array(dtype: Any, shape: Any, data: Any) -> bytes:
    return ext(wire.ARRAY, b"\x93" + wire.encode(dtype) + wire.encode(shape) + wire.encode(data))


def read(data: bytes) -> Any:
    """Decodes and conforms; whatever is wrong with the bytes raises WireError or Mismatch, or pytest sees it."""
    try:
        value = wire.decode(data)
    except WireError:
        return None
    assert brief(value)
    assert describe(value)
    for kind in TYPES:
        try:
            conform(value, kind)
        except Mismatch:
            continue
    return value


# --- any bytes ----------------------------------------------------------------------------------------------------


@given(st.binary(max_size=200))
@example(b"")
def test_any_bytes_are_a_value_or_a_wire_error(data: bytes) -> None:
    read(data)


@given(st.lists(st.one_of(st.sampled_from(HEADS).map(lambda head: bytes([head])), st.binary(max_size=9))))
def test_bytes_that_look_like_a_value_are_a_value_or_a_wire_error(pieces: list[bytes]) -> None:
    read(b"".join(pieces))


@given(VALUES, st.data())
def test_a_damaged_value_is_a_value_or_a_wire_error(value: Any, data: st.DataObject) -> None:
    encoded = bytearray(wire.encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(0, len(encoded) - 1)))
        encoded[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    read(bytes(encoded))


@given(st.text(max_size=4), st.lists(st.integers(-2, 1 << 80), max_size=4), st.binary(max_size=32))
def test_an_array_with_any_description_is_an_array_or_a_wire_error(dtype: str, shape: list[int], data: bytes) -> None:
    read(array(dtype, shape, data))


@given(VALUES)
def test_every_beginning_of_a_value_is_truncated_and_every_continuation_too_long(value: Any) -> None:
    encoded = wire.encode(value)
    for end in {*range(min(len(encoded), 40)), len(encoded) - 1}:
        with pytest.raises(WireError):
            wire.decode(encoded[:end])
    with pytest.raises(WireError, match="1 bytes after the value"):
        wire.decode(encoded + b"\xc0")


@pytest.mark.parametrize("head", [0xC1])
def test_an_unknown_format_is_named(head: int) -> None:
    with pytest.raises(WireError, match=f"0x{head:02x}"):
        wire.decode(bytes([head]))


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\xcc\xff", 255),
        (b"\xcd\xff\xff", 65_535),
        (b"\xce\xff\xff\xff\xff", 2**32 - 1),
        (b"\xd0\x80", -128),
        (b"\xd1\x80\x00", -32_768),
        (b"\xd2\x80\x00\x00\x00", -(2**31)),
        (b"\xca\x3f\x80\x00\x00", 1.0),
        (b"\xd9\x01a", "a"),
        (b"\xda\x00\x01a", "a"),
        (b"\xc4\x01a", b"a"),
        (b"\xc5\x00\x01a", b"a"),
        (b"\xdc\x00\x01\x05", [5]),
        (b"\xde\x00\x01\x05\x06", {5: 6}),
        (b"\xd4\x01\x05", 5),
        (b"\xd5\x01\x05\x01", 261),
        (b"\xc7\x00\x01", 0),
        (b"\xc8\x00\x02\x02\x91\x05", (5,)),
    ],
)
def test_formats_that_the_encoder_does_not_use_are_read(data: bytes, value: Any) -> None:
    assert wire.decode(data) == value


# --- lies about sizes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", [0xC6, 0xDB, 0xDD, 0xDF, 0xC9])
@pytest.mark.parametrize("tail", [b"", b"\x01", b"\x02\x91\x01", b"\x03q" + b"\0" * 8, b"\x04" + b"\0" * 99])
def test_a_claimed_length_is_not_believed(head: int, tail: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            wire.decode(bytes([head]) + b"\xff" * 4 + tail)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "unit", [b"\x91", b"\x81\x05", b"\x81", b"\xd4\x02", b"\xc7\xff\x02", b"\xc9\0\0\1\0\2", b"\xd4\4"]
)
def test_bombs_of_depth_are_refused(unit: bytes) -> None:
    with pytest.raises(WireError):
        wire.decode(unit * 100_000)


def test_a_list_that_cannot_be_there_is_refused_before_its_elements_are_read() -> None:
    with pytest.raises(WireError, match="claims more elements than there are bytes"):
        wire.decode(b"\xdd\0\0\0\x03\xc0\xc0")


def test_the_limits_can_be_narrowed() -> None:
    data = wire.encode([[[1]]])
    assert wire.decode(data, max_depth=3, max_nodes=4) == [[[1]]]
    with pytest.raises(LimitError, match="nested too deeply"):
        wire.decode(data, max_depth=2)
    with pytest.raises(LimitError, match="too many elements"):
        wire.decode(data, max_nodes=3)


def test_nodes_are_limited_and_packed_elements_are_none() -> None:
    many = wire.MAX_NODES
    with pytest.raises(LimitError, match="too many elements"):
        wire.decode(b"\xdd" + struct.pack(">I", many) + b"\xc0" * many)
    assert len(wire.decode(wire.encode([1] * (many + 1)))) == many + 1  # type: ignore[arg-type]


def test_each_row_of_packed_rows_is_a_node() -> None:
    rows = [[number, number] for number in range(10)]
    assert wire.decode(wire.encode(rows), max_nodes=11) == rows
    with pytest.raises(LimitError, match="too many elements"):
        wire.decode(wire.encode(rows), max_nodes=10)
    with pytest.raises(LimitError, match="nested too deeply"):
        wire.decode(wire.encode(rows), max_depth=0)


def test_digits_are_limited_before_they_are_read() -> None:
    with pytest.raises(LimitError, match="524288 bits"):
        wire.decode(ext(wire.INTEGER, b"\x7f" * (wire.MAX_INTEGER_BYTES + 1)))
    assert wire.decode(ext(wire.INTEGER, b"\xff" * wire.MAX_INTEGER_BYTES)) == -1


# --- mappings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"),
    [(1, 1), ("a", "a"), (1, 1.0), (0, False), (1, True), ((1, 2), (1, 2)), (0.0, -0.0), (None,) * 2],
)
def test_a_key_twice_is_refused(first: Any, second: Any) -> None:
    with pytest.raises(WireError, match="a key twice"):
        wire.decode(b"\x82" + wire.encode(first) + b"\xc0" + wire.encode(second) + b"\xc0")


@pytest.mark.parametrize("key", [[], {}, ([],), (1, (2, {}))])
def test_a_key_that_cannot_be_one_is_refused(key: Any) -> None:
    with pytest.raises(WireError, match=f"a key of type {type(key).__name__}"):
        wire.decode(b"\x81" + wire.encode(key) + b"\xc0")


def test_keys_that_are_made_to_collide_are_refused_as_soon_as_they_show() -> None:
    modulus = (1 << 61) - 1  # of the hash of integers
    keys = [number * modulus for number in range(wire.MAX_EQUAL_HASHES + 1)]
    claim = b"\xdf" + struct.pack(">I", 1_000_000)
    with pytest.raises(LimitError, match="have the same hash"):
        wire.decode(claim + b"".join(wire.encode(key) + b"\xc0" for key in keys))


def test_keys_that_collide_by_nature_are_taken() -> None:
    grid = {(x, y, z): 0 for x in range(-9, 9) for y in range(-9, 9) for z in range(-9, 9)}  # hash(-1) == hash(-2)
    assert wire.decode(wire.encode(grid)) == grid


# --- extensions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        ext(0, b"\x01"),
        ext(5, b"\x01"),
        ext(255, b"\x01"),
        ext(wire.TUPLE, b"\x05"),
        ext(wire.TUPLE, b"\x91\x05\x05"),
        ext(wire.TUPLE, b""),
        ext(wire.ARRAY, b"\x90"),
        ext(wire.ARRAY, b"\x93\x01\x02\x03"),
        ext(wire.PACKED, b""),
        ext(wire.PACKED, b"b" + b"\0" * 8),
        ext(wire.PACKED, b"q" + b"\0" * 9),
        ext(wire.ROWS, b""),
        ext(wire.ROWS, b"ql\2\0\0"),
        ext(wire.ROWS, b"qx\1\0\0\0" + b"\0" * 8),
        ext(wire.ROWS, b"ql\0\0\0\0" + b"\0" * 16),
        ext(wire.ROWS, b"ql\2\0\0\0" + b"\0" * 24),
        ext(wire.ROWS, b"ql\2\0\0\0" + b"\0" * 15),
        ext(wire.ROWS, b"dt\xff\xff\xff\xff" + b"\0" * 16),
        b"\xc7\x01\x02\x92\x05\x05",
    ],
)
def test_extensions_that_are_malformed_are_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        wire.decode(data)
    with pytest.raises(WireError):
        wire.decode(b"\x91" + data)


@pytest.mark.parametrize(
    ("dtype", "shape", "size"),
    [
        ("<f8", [1], 7),
        ("<f8", [1], 16),
        ("<f8", [2, 2], 8),
        ("<f8", [-1], 8),
        ("<f8", [-1, -1], 8),
        ("<f8", [True], 8),
        ("<f8", [1.0], 8),
        ("<f8", [1] * 33, 8),
        ("<f8", [1 << 61], 0),
        ("<f8", [1 << 32, 1 << 32], 0),
        ("<f8", [1 << 63, 0], 0),
        ("<f8", [1 << 100_000], 0),
        ("<f8", [0, 1 << 62], 0),
        ("|i1", [0, 1 << 40], 0),
        ("|i1", [1 << 40, 0], 0),
        ("<f1", [1], 1),
        ("<b2", [1], 2),
        ("<i16", [1], 16),
        ("<c4", [1], 4),
        (">f8", [1], 8),
        ("|f8", [1], 8),
        ("|O8", [1], 8),
        ("|V8", [1], 8),
        ("<U2", [1], 8),
        ("<f8,<f8", [1], 16),
        ("", [1], 1),
        ("x" * 10_000, [1], 1),
    ],
)
def test_arrays_that_lie_about_themselves_are_refused_in_few_words(dtype: str, shape: Any, size: int) -> None:
    with pytest.raises(WireError) as caught:
        wire.decode(array(dtype, list(shape), bytes(size)))
    assert len(str(caught.value)) < 1000


def test_arrays_without_bytes_spend_the_nodes_of_their_rows() -> None:
    assert wire.decode(array("<f8", [1000, 0], b"")) == wire.Array("<f8", (1000, 0), b"")
    wire.decode(b"\x92" + array("<f8", [499_000, 0], b"") * 2)
    with pytest.raises(LimitError, match="too many elements"):
        wire.decode(b"\x93" + array("<f8", [499_000, 0], b"") * 3)
