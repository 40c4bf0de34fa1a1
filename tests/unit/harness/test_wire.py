"""Values come out of the encoding as they went in, and only plain values go in."""

from __future__ import annotations

import collections
import enum
import math
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.harness import wire
from tests.unit.harness.values import INT64, LEAVES, VALUES, same


@given(VALUES)
def test_a_value_comes_back_with_its_types_bits_and_order(value: Any) -> None:
    assert same(wire.decode(wire.encode(value)), value)


@given(VALUES)
def test_equal_values_have_equal_bytes(value: Any) -> None:
    assert wire.encode(wire.decode(wire.encode(value))) == wire.encode(value)


@given(st.dictionaries(st.text(max_size=40), LEAVES, max_size=17))
def test_a_mapping_of_encoded_values_is_the_encoded_mapping(value: dict[str, Any]) -> None:
    pairs = [(wire.encode(key), wire.encode(item)) for key, item in value.items()]
    assert wire.encode_mapping(pairs) == wire.encode(value)


@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 15, 16, 31, 32, 70_000])
@pytest.mark.parametrize("make", [int, float, str, bool], ids=["int", "float", "str", "bool"])
def test_lists_of_every_length_come_back(make: Any, length: int) -> None:
    value = [make(number) for number in range(length)]
    assert same(wire.decode(wire.encode(value)), value)
    assert same(wire.decode(wire.encode(tuple(value))), tuple(value))


@pytest.mark.parametrize("length", [0, 31, 32, 255, 256, 65_535, 65_536])
def test_texts_and_bytes_of_every_length_come_back(length: int) -> None:
    assert wire.decode(wire.encode("é" * length)) == "é" * length
    assert wire.decode(wire.encode(b"x" * length)) == b"x" * length


def test_a_list_of_eight_equal_kinds_is_packed_into_64_bits_each() -> None:
    header = 6  # format byte, 32-bit length, extension type
    assert len(wire.encode([1 << 40] * 7)) == 1 + 7 * 9
    assert len(wire.encode([1 << 40] * 8)) == header + 1 + 8 * 8
    assert len(wire.encode([0.5] * 8)) == header + 1 + 8 * 8


@pytest.mark.parametrize("odd", [INT64, -INT64 - 1, 1 << 64, -(1 << 200), 1.0, True, None, "1"])
def test_one_element_that_does_not_fit_prevents_packing(odd: Any) -> None:
    value = [*range(10), odd]
    assert same(wire.decode(wire.encode(value)), value)


@pytest.mark.parametrize("bits", [0x7FF8000000000000, 0x7FF8DEADBEEF0001, 0xFFF8000000000001, 0x8000000000000000])
def test_the_bits_of_a_float_survive(bits: int) -> None:
    (value,) = struct.unpack("<d", struct.pack("<Q", bits))
    for holder in ([value], [value] * 8):
        assert same(wire.decode(wire.encode(holder)), holder)


def test_integers_have_a_limit_on_digits() -> None:
    largest = (1 << (wire.MAX_INTEGER_BYTES * 8 - 1)) - 1
    for value in (largest, -largest):
        assert wire.decode(wire.encode(value)) == value
    for value in (largest + 1, -largest - 2):
        with pytest.raises(wire.LimitError, match="524288 bits"):
            wire.encode(value)


@pytest.mark.parametrize("wrap", [lambda v: [v], lambda v: (v,), lambda v: {"k": v}], ids=["list", "tuple", "dict"])
def test_what_is_not_too_deep_to_encode_is_not_too_deep_to_decode(wrap: Any) -> None:
    value: Any = 0
    while True:
        try:
            data = wire.encode(wrap(value))
        except wire.LimitError:
            break
        value = wrap(value)
        assert same(wire.decode(data), value)
    assert str(value).count("0") == 1
    assert str(wrap(value)).count("(" if type(value) is tuple else "{" if type(value) is dict else "[") >= 33


def test_a_value_that_contains_itself_is_too_deep() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(wire.LimitError, match="deeper than 64"):
        wire.encode(value)


# --- subclasses ---------------------------------------------------------------------------------------------------


class Liar:
    """Every way in which a subclass could say that it is something else."""

    def __str__(self) -> str:
        return "lie"

    __repr__ = __str__

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Any:
        return iter([99])

    def __len__(self) -> int:
        return 1

    def __getitem__(self, key: Any) -> Any:
        return 99

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 7

    def encode(self, *_: Any) -> bytes:
        return b"lie"

    def items(self) -> Any:
        return [("lie", 99)]

    keys = values = items

    def bit_length(self) -> int:
        return 1

    def to_bytes(self, *_: Any, **__: Any) -> bytes:
        return b"\0"

    def __int__(self) -> int:
        return 99

    __index__ = __int__

    def __float__(self) -> float:
        return 99.0

    def __bytes__(self) -> bytes:
        return b"lie"

    def __buffer__(self, _flags: int) -> memoryview:
        return memoryview(b"lie")


PLAIN = [5, -(1 << 90), 2.5, "text", b"bytes", [1, [2]], (1, (2,)), {"a": 1, "b": [2]}, {1, 2}, frozenset({3}), 1 - 2j]


@pytest.mark.parametrize("plain", PLAIN, ids=lambda value: type(value).__name__)
def test_subclasses_are_sent_as_their_plain_value_whatever_they_override(plain: Any) -> None:
    kind = type("Sub", (Liar, type(plain)), {})
    assert same(wire.decode(wire.encode(kind(plain))), plain)
    assert same(wire.decode(wire.encode([kind(plain)])), [plain])


def test_a_bytearray_is_sent_as_bytes() -> None:
    assert wire.decode(wire.encode(bytearray(b"abc"))) == b"abc"
    assert wire.decode(wire.encode(type("Sub", (Liar, bytearray), {})(b"abc"))) == b"abc"


def test_subclasses_are_neither_packed_nor_left_as_keys() -> None:
    class Number(int): ...

    class Word(str): ...

    assert same(wire.decode(wire.encode([Number(n) for n in range(9)])), list(range(9)))
    assert same(wire.decode(wire.encode({Word("k"): True})), {"k": True})


def test_named_tuples_counters_and_enums_are_plain() -> None:
    Point = collections.namedtuple("Point", "x y")
    Colour = enum.IntEnum("Colour", "RED GREEN")
    value = [Point(1, 2), collections.Counter("aab"), collections.defaultdict(int, a=1), Colour.GREEN]
    assert same(wire.decode(wire.encode(value)), [(1, 2), {"a": 2, "b": 1}, {"a": 1}, 2])


@pytest.mark.parametrize(
    "value", [object(), range(3), {}.keys(), memoryview(b"x"), len, int, iter([]), NotImplemented, ...]
)
def test_other_types_are_refused_by_name(value: Any) -> None:
    for holder in (value, [value], {"k": (value,)}):
        with pytest.raises(TypeError, match=f"a value of type '{type(value).__name__}' cannot be returned"):
            wire.encode(holder)


@pytest.mark.parametrize("kind", [bool, int, str, list, dict])
def test_a_class_that_claims_to_be_a_builtin_is_refused(kind: type) -> None:
    claims = type("Claims", (), {"__class__": kind})
    with pytest.raises(TypeError, match="'Claims' cannot be returned"):
        wire.encode(claims())


@pytest.mark.parametrize(
    "value", [set(), {1, "a", (2, 3)}, frozenset({frozenset({1})}), {(1,): {2}}, [{1.5}], -0.0 + 1j]
)
def test_sets_and_complex_numbers_keep_their_types(value: Any) -> None:
    assert same(wire.decode(wire.encode(value)), value)


def test_a_set_is_decoded_with_limits() -> None:
    def set_of(*members: object) -> bytes:
        body = wire.encode(list(members))
        return b"\xc9" + len(body).to_bytes(4, "big") + b"\x06" + body

    assert wire.decode(set_of(1, 2)) == {1, 2}
    with pytest.raises(wire.WireError, match="twice"):
        wire.decode(set_of(1, True))
    with pytest.raises(wire.WireError, match="a key of type list"):
        wire.decode(set_of([1]))
    with pytest.raises(wire.LimitError, match="the same hash"):
        wire.decode(set_of(*((2**61 - 1) * n for n in range(100))))
    with pytest.raises(wire.WireError, match="truncated"):
        wire.decode(b"\xc9\x00\x00\x00\x08\x08" + b"\0" * 8)


def test_infinities_and_nan_are_values() -> None:
    assert wire.decode(wire.encode([math.inf, -math.inf])) == [math.inf, -math.inf]
    assert math.isnan(wire.decode(wire.encode(math.nan)))  # type: ignore[arg-type]


ROWS = [
    [[1, 2], [3, 4], [5, 6], [7, 8]],
    [(1.5, -0.0), (float("inf"), 2.0), (3.0, 4.0), (5.0, 6.0)],
    [(number, -number, 1 << 40) for number in range(50)],
    [[float(number)] for number in range(9)],
]


@pytest.mark.parametrize("rows", ROWS)
def test_equally_long_rows_of_numbers_are_sent_at_once(rows: Any) -> None:
    data = wire.encode(rows)
    assert data[5] == wire.ROWS
    assert repr(wire.decode(data)) == repr(rows)


@pytest.mark.parametrize(
    "rows",
    [
        [[1, 2], [3, 4]],  # few
        [[1, 2], [3, 4], [5, 6], [7, 8.0]],
        [[1, 2], [3, 4], [5, 6], (7, 8)],
        [[1, 2], [3, 4], [5, 6], [7, 8, 9]],
        [[1, 2], [3, 4], [5, 6], [7, True]],
        [[1, 2], [3, 4], [5, 6], [7, 1 << 64]],
        [[]] * 9,
        [[1, 2], [3, 4], [5, 6], 7],
        [[[1], [2]]] * 8,
    ],
)
def test_other_rows_are_sent_one_by_one(rows: Any) -> None:
    data = wire.encode(rows)
    assert data[5:6] != bytes([wire.ROWS]) or data[0] != 0xC9
    assert repr(wire.decode(data)) == repr(rows)


def test_arrays_come_as_what_the_caller_makes_of_them() -> None:
    array = wire.Array("<i2", (2,), b"\1\0\2\0")
    made = wire.decode(wire.encode({"a": [array]}), make_array=lambda *parts: parts)
    assert made == {"a": [("<i2", (2,), b"\1\0\2\0")]}
