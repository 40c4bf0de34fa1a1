"""Values to bytes: see ``wire``."""

from __future__ import annotations

import sys
from array import array
from itertools import chain

from .wire_format import (
    ARRAY,
    COMPLEX,
    DTYPES,
    FROZENSET,
    INT64_MAX,
    INT64_MIN,
    INTEGER,
    LITTLE,
    MAX_DEPTH,
    MAX_INTEGER_BYTES,
    PACK_FROM,
    PACKED,
    ROWS,
    SET,
    TUPLE,
    UINT64_MAX,
    Array,
    LimitError,
    pack,
)

TYPE_CHECKING = False  # typing costs start-up time
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_SCALAR_KINDS = "biufUS"  # bool, signed, unsigned, float, str, bytes
_LISTED_KINDS = "UO"  # str, object


def encode(value: object) -> bytes:
    """Returns the bytes of ``value``. Raises TypeError for a type that has no encoding, LimitError when it is too
    deep."""
    out = bytearray()
    _encode(value, out, 0)
    return bytes(out)


def encode_mapping(pairs: list[tuple[bytes, bytes]]) -> bytes:
    """Returns what ``encode`` does for a mapping, from the bytes of its keys and values: what is encoded once is sent
    often."""
    length = len(pairs)
    head = bytes([0x80 | length]) if length < 16 else pack(">BI", 0xDF, length)
    return head + b"".join([part for pair in pairs for part in pair])


def _encode(value: object, out: bytearray, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise LimitError(f"the value is nested deeper than {MAX_DEPTH} levels")
    writer = _WRITERS.get(type(value))
    if writer is None:
        value = _plain(value)
        writer = _WRITERS[type(value)]
    writer(value, out, depth)


def _plain(value: object) -> object:
    """Returns the built-in value that ``value`` stands for; raises TypeError when there is none."""
    kind = type(value)  # not isinstance: __class__ can be overridden
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        if issubclass(kind, numpy.ndarray):
            return _from_numpy(value, numpy)
        if issubclass(kind, numpy.generic):
            return _from_numpy_scalar(value, numpy.generic)
    for base, convert in _BASES:
        if issubclass(kind, base):
            return convert(value)
    raise TypeError(f"a value of type {kind.__name__!r} cannot be returned")


def _from_numpy(value: Any, numpy: Any) -> Array | list[Any]:
    """Returns the array; one of texts or of Python's objects, which has no bytes of its own, as lists."""
    plain = numpy.ndarray.__array__(value) if type(value) is numpy.ndarray else numpy.array(value, subok=False)
    if plain.dtype.kind in _LISTED_KINDS and plain.ndim > 0:
        listed: list[Any] = plain.tolist()
        return listed
    dtype = plain.dtype.newbyteorder("<")
    if dtype.str not in DTYPES:
        raise TypeError(f"an array of dtype {plain.dtype} cannot be returned")
    plain = numpy.ascontiguousarray(plain).astype(dtype, copy=False).reshape(plain.shape)
    return Array(plain.dtype.str, plain.shape, plain.tobytes())


def _from_numpy_scalar(value: Any, generic: Any) -> object:
    dtype = generic.dtype.__get__(value)
    plain = generic.item(value) if dtype.kind in _SCALAR_KINDS else value
    if type(plain) not in _WRITERS:
        raise TypeError(f"a value of dtype {dtype} cannot be returned")
    return plain


_BASES: tuple[tuple[Any, Callable[[Any], object]], ...] = (
    (bool, bool),
    (int, int.__int__),
    (float, float.__float__),
    (str, str.__str__),
    (bytes, bytes.__bytes__),
    (bytearray, lambda value: bytes(bytearray.__getitem__(value, slice(None)))),
    (list, lambda value: list.__getitem__(value, slice(None))),
    (tuple, lambda value: tuple.__getitem__(value, slice(None))),
    (dict, lambda value: dict(dict.items(value))),
    (set, lambda value: set(set.__iter__(value))),
    (frozenset, lambda value: frozenset(frozenset.__iter__(value))),
    (complex, complex.__complex__),
)


def _write_none(_value: object, out: bytearray, _depth: int) -> None:
    out.append(0xC0)


def _write_bool(value: bool, out: bytearray, _depth: int) -> None:
    out.append(0xC3 if value else 0xC2)


def _write_int(value: int, out: bytearray, _depth: int) -> None:
    if -32 <= value < 128:
        out.append(value & 0xFF)
    elif INT64_MIN <= value <= INT64_MAX:
        out += pack(">Bq", 0xD3, value)
    elif 0 <= value <= UINT64_MAX:
        out += pack(">BQ", 0xCF, value)
    else:
        length = value.bit_length() // 8 + 1
        if length > MAX_INTEGER_BYTES:
            raise LimitError(f"an integer has more than {MAX_INTEGER_BYTES * 8} bits")
        _write_ext(INTEGER, value.to_bytes(length, "little", signed=True), out)


def _write_float(value: float, out: bytearray, _depth: int) -> None:
    out += pack(">Bd", 0xCB, value)


def _write_str(value: str, out: bytearray, _depth: int) -> None:
    data = value.encode("utf-8", "surrogatepass")
    length = len(data)
    if length < 32:
        out.append(0xA0 | length)
    else:
        out += pack(">BI", 0xDB, length)
    out += data


def _write_bytes(value: bytes, out: bytearray, _depth: int) -> None:
    out += pack(">BI", 0xC6, len(value))
    out += value


def _write_list(value: list[Any], out: bytearray, depth: int) -> None:
    if len(value) > 1:
        first = type(value[0])
        if first is int or first is float:
            if len(value) >= PACK_FROM and (packed := _packed(value)):
                _write_ext(PACKED, packed, out)
                return
        elif (first is list or first is tuple) and depth < MAX_DEPTH and _write_rows(value, first, out):
            return
    _write_items(value, out, depth)


def _packed(numbers: list[Any]) -> bytes:
    """Returns ``b"q"`` or ``b"d"`` and the numbers; nothing when they are not all ints or all floats of 64 bits."""
    kinds = set(map(type, numbers))
    if kinds != {int} and kinds != {float}:
        return b""
    code = "q" if int in kinds else "d"
    try:
        packed = array(code, numbers)
    except OverflowError:
        return b""
    if not LITTLE:
        packed.byteswap()
    return code.encode() + packed.tobytes()


def _write_rows(value: list[Any], kind: type, out: bytearray) -> bool:
    """Writes equally long rows of numbers at once; returns False, having written nothing, when they are not."""
    if set(map(type, value)) != {kind}:
        return False
    length = len(value[0])
    if not length or length * len(value) < PACK_FROM or set(map(len, value)) != {length}:
        return False
    packed = _packed(list(chain.from_iterable(value)))
    if not packed:
        return False
    _write_ext(ROWS, packed[:1] + (b"l" if kind is list else b"t") + pack("<I", length) + packed[1:], out)
    return True


def _write_items(value: list[Any] | tuple[Any, ...], out: bytearray, depth: int) -> None:
    length = len(value)
    if length < 16:
        out.append(0x90 | length)
    else:
        out += pack(">BI", 0xDD, length)
    for item in value:
        _encode(item, out, depth + 1)


def _write_tuple(value: tuple[Any, ...], out: bytearray, depth: int) -> None:
    body = bytearray()
    _write_items(value, body, depth + 1)
    _write_ext(TUPLE, bytes(body), out)


def _write_set(value: set[Any], out: bytearray, depth: int) -> None:
    _write_members(SET, value, out, depth)


def _write_frozenset(value: frozenset[Any], out: bytearray, depth: int) -> None:
    _write_members(FROZENSET, value, out, depth)


def _write_members(code: int, value: set[Any] | frozenset[Any], out: bytearray, depth: int) -> None:
    body = bytearray()
    _write_items([*value], body, depth + 1)
    _write_ext(code, bytes(body), out)


def _write_complex(value: complex, out: bytearray, _depth: int) -> None:
    _write_ext(COMPLEX, pack("<dd", value.real, value.imag), out)


def _write_dict(value: dict[Any, Any], out: bytearray, depth: int) -> None:
    length = len(value)
    if length < 16:
        out.append(0x80 | length)
    else:
        out += pack(">BI", 0xDF, length)
    for key, item in value.items():
        _encode(key, out, depth + 1)
        _encode(item, out, depth + 1)


def _write_array(value: Array, out: bytearray, depth: int) -> None:
    body = bytearray()
    _write_items([value.dtype, list(value.shape), value.data], body, depth + 1)
    _write_ext(ARRAY, bytes(body), out)


def _write_ext(code: int, data: bytes, out: bytearray) -> None:
    out += pack(">BIb", 0xC9, len(data), code)
    out += data


_WRITERS: dict[type, Callable[[Any, bytearray, int], None]] = {
    type(None): _write_none,
    bool: _write_bool,
    int: _write_int,
    float: _write_float,
    str: _write_str,
    bytes: _write_bytes,
    list: _write_list,
    tuple: _write_tuple,
    dict: _write_dict,
    set: _write_set,
    frozenset: _write_frozenset,
    complex: _write_complex,
    Array: _write_array,
}
