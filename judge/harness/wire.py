"""The wire encoding of values: MessagePack with four extension types, and a decoder with limits.

Spoken between the judge and the process that runs a candidate's function. Values are ``None``, ``bool``, ``int`` of any
size, ``float``, ``str``, ``bytes``, ``list``, ``tuple``, ``dict`` and arrays. MessagePack's own formats are used for
all but these extension types:

==== =========== ===================================================================================================
type name        payload
==== =========== ===================================================================================================
1    integer     two's complement, little-endian, for integers outside 64 bits
2    tuple       one MessagePack array
3    packed list ``b"q"`` or ``b"d"``, then little-endian 64-bit integers or floats: a list of at least eight exact
                 ints, or of at least eight exact floats
4    array       one MessagePack array ``[dtype, shape, data]``: NumPy's dtype (``"<f8"``), C order, little-endian
==== =========== ===================================================================================================

``encode`` accepts subclasses of the built-in types (named tuples, counters) and NumPy's scalars by their plain value,
and refuses everything else with TypeError; nothing that a candidate overrides decides what is sent. ``decode`` never
executes anything that the bytes say: it raises WireError on malformed bytes and LimitError when the value is deeper,
larger or has more digits than the limits allow, before it builds it. Tuples and arrays count as two
levels."""

from __future__ import annotations

import struct
import sys
from array import array

TYPE_CHECKING = False  # typing costs start-up time
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_pack, _unpack = struct.pack, struct.unpack  # a submission may replace those of the module
INTEGER, TUPLE, PACKED, ARRAY = 1, 2, 3, 4
_PACK_FROM = 8  # shorter lists are not packed
_INT64_MIN, _INT64_MAX, _UINT64_MAX = -(1 << 63), (1 << 63) - 1, (1 << 64) - 1
_DTYPES = frozenset(
    ["|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<f16", "<c8", "<c16", "<c32"]
)
_SCALAR_KINDS = "biufUS"  # bool, signed, unsigned, float, str, bytes
_LITTLE = sys.byteorder == "little"

MAX_DEPTH = 64
MAX_NODES = 1_000_000  # read one by one, and rows of arrays without bytes; elements of packed lists and arrays are free
MAX_INTEGER_BYTES = 1 << 16
MAX_EQUAL_HASHES = 64  # keys of one mapping with one hash: hashes of numbers and tuples are not secret


class WireError(ValueError):
    """The bytes are not a value in this encoding."""


class LimitError(WireError):
    """The value is well-formed but exceeds a limit: depth, nodes or digits."""


class Array:
    """A decoded array where NumPy may be absent: ``dtype`` as NumPy writes it, ``shape``, C-order little-endian
    ``data``."""

    __slots__ = ("data", "dtype", "shape")

    def __init__(self, dtype: str, shape: tuple[int, ...], data: bytes) -> None:
        self.dtype = dtype
        self.shape = shape
        self.data = data

    def __eq__(self, other: object) -> bool:
        """Equality of dtype, shape and bytes."""
        if not isinstance(other, Array):
            return NotImplemented
        return (self.dtype, self.shape, self.data) == (other.dtype, other.shape, other.data)

    def __hash__(self) -> int:
        """A hash that agrees with equality."""
        return hash((self.dtype, self.shape, self.data))

    def __repr__(self) -> str:
        """Its dtype and shape."""
        return f"Array({self.dtype!r}, {self.shape!r})"


# --- encoding -----------------------------------------------------------------------------------------------------


def encode(value: object) -> bytes:
    """Returns the bytes of ``value``. Raises TypeError for a type that has no encoding, LimitError when it is too
    deep."""
    out = bytearray()
    _encode(value, out, 0)
    return bytes(out)


def encode_mapping(pairs: list[tuple[str, bytes]]) -> bytes:
    """Returns the bytes of a mapping from its keys and the bytes of its values: what is encoded once is sent often."""
    return b"".join([_pack(">BI", 0xDF, len(pairs)), *(encode(key) + data for key, data in pairs)])


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


def _from_numpy(value: Any, numpy: Any) -> Array:
    plain = numpy.ndarray.__array__(value) if type(value) is numpy.ndarray else numpy.array(value, subok=False)
    dtype = plain.dtype.newbyteorder("<")
    if dtype.str not in _DTYPES:
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
)


def _write_none(_value: object, out: bytearray, _depth: int) -> None:
    out.append(0xC0)


def _write_bool(value: bool, out: bytearray, _depth: int) -> None:
    out.append(0xC3 if value else 0xC2)


def _write_int(value: int, out: bytearray, _depth: int) -> None:
    if -32 <= value < 128:
        out.append(value & 0xFF)
    elif _INT64_MIN <= value <= _INT64_MAX:
        out += _pack(">Bq", 0xD3, value)
    elif 0 <= value <= _UINT64_MAX:
        out += _pack(">BQ", 0xCF, value)
    else:
        length = value.bit_length() // 8 + 1
        if length > MAX_INTEGER_BYTES:
            raise LimitError(f"an integer has more than {MAX_INTEGER_BYTES * 8} bits")
        _write_ext(INTEGER, value.to_bytes(length, "little", signed=True), out)


def _write_float(value: float, out: bytearray, _depth: int) -> None:
    out += _pack(">Bd", 0xCB, value)


def _write_str(value: str, out: bytearray, _depth: int) -> None:
    data = value.encode("utf-8", "surrogatepass")
    length = len(data)
    if length < 32:
        out.append(0xA0 | length)
    else:
        out += _pack(">BI", 0xDB, length)
    out += data


def _write_bytes(value: bytes, out: bytearray, _depth: int) -> None:
    out += _pack(">BI", 0xC6, len(value))
    out += value


def _write_list(value: list[Any], out: bytearray, depth: int) -> None:
    if len(value) >= _PACK_FROM and _write_packed(value, out):
        return
    _write_items(value, out, depth)


def _write_packed(value: list[Any], out: bytearray) -> bool:
    kinds = set(map(type, value))
    if kinds != {int} and kinds != {float}:
        return False
    code = "q" if int in kinds else "d"
    try:
        packed = array(code, value)
    except OverflowError:
        return False
    if not _LITTLE:
        packed.byteswap()
    _write_ext(PACKED, code.encode() + packed.tobytes(), out)
    return True


def _write_items(value: list[Any] | tuple[Any, ...], out: bytearray, depth: int) -> None:
    length = len(value)
    if length < 16:
        out.append(0x90 | length)
    else:
        out += _pack(">BI", 0xDD, length)
    for item in value:
        _encode(item, out, depth + 1)


def _write_tuple(value: tuple[Any, ...], out: bytearray, depth: int) -> None:
    body = bytearray()
    _write_items(value, body, depth + 1)
    _write_ext(TUPLE, bytes(body), out)


def _write_dict(value: dict[Any, Any], out: bytearray, depth: int) -> None:
    length = len(value)
    if length < 16:
        out.append(0x80 | length)
    else:
        out += _pack(">BI", 0xDF, length)
    for key, item in value.items():
        _encode(key, out, depth + 1)
        _encode(item, out, depth + 1)


def _write_array(value: Array, out: bytearray, depth: int) -> None:
    body = bytearray()
    _write_items([value.dtype, list(value.shape), value.data], body, depth + 1)
    _write_ext(ARRAY, bytes(body), out)


def _write_ext(code: int, data: bytes, out: bytearray) -> None:
    out += _pack(">BIb", 0xC9, len(data), code)
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
    Array: _write_array,
}


# --- decoding -----------------------------------------------------------------------------------------------------


def decode(data: bytes, *, max_depth: int = MAX_DEPTH, max_nodes: int = MAX_NODES) -> object:
    """Returns the value that all of ``data`` encodes. Raises WireError or LimitError.

    Arrays come as ``Array``. The number of bytes is the caller's limit; no length that the bytes claim is believed
    before as many bytes are seen.
    """
    reader = _Reader(data, max_nodes)
    value = reader.read(max_depth)
    if reader.at != len(data):
        raise WireError(f"{len(data) - reader.at} bytes after the value")
    return value


class _Reader:
    __slots__ = ("at", "data", "nodes")

    def __init__(self, data: bytes, max_nodes: int) -> None:
        self.data = data
        self.at = 0
        self.nodes = max_nodes

    def read(self, depth: int) -> object:
        if depth < 0:
            raise LimitError("the value is nested too deeply")
        self._spend(1)
        head = self._take(1)[0]
        if head < 0x80:
            return head
        if head >= 0xE0:
            return head - 256
        if head < 0x90:
            return self._map(head & 0x0F, depth)
        if head < 0xA0:
            return self._items(head & 0x0F, depth)
        if head < 0xC0:
            return self._text(head & 0x1F)
        reader = _READERS.get(head)
        if reader is None:
            raise WireError(f"unknown format byte 0x{head:02x}")
        return reader(self, depth)

    def _spend(self, nodes: int) -> None:
        self.nodes -= nodes
        if self.nodes < 0:
            raise LimitError("the value has too many elements")

    def _take(self, count: int) -> bytes:
        end = self.at + count
        if end > len(self.data):
            raise WireError("the value is truncated")
        piece = self.data[self.at : end]
        self.at = end
        return piece

    def _length(self, count: int) -> int:
        return int.from_bytes(self._take(count), "big")

    def _items(self, length: int, depth: int) -> list[Any]:
        if length > len(self.data) - self.at:
            raise WireError("a list claims more elements than there are bytes")
        return [self.read(depth - 1) for _ in range(length)]

    def _map(self, length: int, depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        hashes: dict[int, int] = {}  # how often each was seen
        for _ in range(length):
            key = self.read(depth - 1)
            _count_hash(key, hashes)
            if key in result:
                raise WireError("a mapping has a key twice")
            result[key] = self.read(depth - 1)
        return result

    def _text(self, length: int) -> str:
        try:
            return self._take(length).decode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise WireError(f"a string is not UTF-8: {error.reason}") from None

    def _ext(self, length: int, depth: int) -> object:
        code = self._take(1)[0]
        if code == INTEGER:
            return self._integer(length)
        if code == PACKED:
            return self._packed(length)
        end = self.at + length
        if code == TUPLE:
            value: object = tuple(self._list(depth))
        elif code == ARRAY:
            value = self._array(self._list(depth))
        else:
            raise WireError(f"unknown extension type {code}")
        if self.at != end:
            raise WireError("an extension's length does not match its content")
        return value

    def _list(self, depth: int) -> list[Any]:
        value = self.read(depth - 1)
        if type(value) is not list:
            raise WireError(f"an extension holds {type(value).__name__}, expected a list")
        return value

    def _integer(self, length: int) -> int:
        if length > MAX_INTEGER_BYTES:
            raise LimitError(f"an integer has more than {MAX_INTEGER_BYTES * 8} bits")
        return int.from_bytes(self._take(length), "little", signed=True)

    def _packed(self, length: int) -> list[Any]:
        data = self._take(length)
        code = data[:1]
        if code not in (b"q", b"d") or length % 8 != 1:
            raise WireError("a packed list is malformed")
        packed = array(code.decode())
        packed.frombytes(data[1:])
        if not _LITTLE:
            packed.byteswap()
        return packed.tolist()

    def _array(self, parts: list[Any]) -> Array:
        if len(parts) != 3 or type(parts[0]) is not str or type(parts[1]) is not list or type(parts[2]) is not bytes:
            raise WireError("an array is malformed")
        dtype, shape, data = parts
        if dtype not in _DTYPES:
            raise WireError(f"unknown dtype {dtype[:20]!r}")
        if len(shape) > 32 or any(type(extent) is not int or not 0 <= extent <= _INT64_MAX for extent in shape):
            raise WireError("an array's shape is malformed")
        size = _product(shape) * int(dtype[2:])
        if size != len(data):
            raise WireError(f"an array of dtype {dtype} and shape {shape} has {len(data)} bytes, expected {size}")
        if size == 0:  # no bytes stand for its rows
            self._spend(_product([extent or 1 for extent in shape]))
        return Array(dtype, tuple(shape), data)


def _product(extents: list[int]) -> int:
    product = 1
    for extent in extents:
        product *= extent
    return product


def _count_hash(key: object, hashes: dict[int, int]) -> None:
    """Counts a key's hash; raises when keys are made to collide, since each would be compared with all before it."""
    try:
        value = hash(key)
    except TypeError:
        raise WireError(f"a mapping has a key of type {type(key).__name__}") from None
    hashes[value] = seen = hashes.get(value, 0) + 1
    if seen > MAX_EQUAL_HASHES:
        raise LimitError(f"more than {MAX_EQUAL_HASHES} keys of a mapping have the same hash")


_READERS: dict[int, Callable[[_Reader, int], object]] = {
    0xC0: lambda _r, _d: None,
    0xC2: lambda _r, _d: False,
    0xC3: lambda _r, _d: True,
    0xC4: lambda r, _d: r._take(r._length(1)),
    0xC5: lambda r, _d: r._take(r._length(2)),
    0xC6: lambda r, _d: r._take(r._length(4)),
    0xC7: lambda r, d: r._ext(r._length(1), d),
    0xC8: lambda r, d: r._ext(r._length(2), d),
    0xC9: lambda r, d: r._ext(r._length(4), d),
    0xCA: lambda r, _d: _unpack(">f", r._take(4))[0],
    0xCB: lambda r, _d: _unpack(">d", r._take(8))[0],
    0xCC: lambda r, _d: r._length(1),
    0xCD: lambda r, _d: r._length(2),
    0xCE: lambda r, _d: r._length(4),
    0xCF: lambda r, _d: r._length(8),
    0xD0: lambda r, _d: int.from_bytes(r._take(1), "big", signed=True),
    0xD1: lambda r, _d: int.from_bytes(r._take(2), "big", signed=True),
    0xD2: lambda r, _d: int.from_bytes(r._take(4), "big", signed=True),
    0xD3: lambda r, _d: int.from_bytes(r._take(8), "big", signed=True),
    0xD4: lambda r, d: r._ext(1, d),
    0xD5: lambda r, d: r._ext(2, d),
    0xD6: lambda r, d: r._ext(4, d),
    0xD7: lambda r, d: r._ext(8, d),
    0xD8: lambda r, d: r._ext(16, d),
    0xD9: lambda r, _d: r._text(r._length(1)),
    0xDA: lambda r, _d: r._text(r._length(2)),
    0xDB: lambda r, _d: r._text(r._length(4)),
    0xDC: lambda r, d: r._items(r._length(2), d),
    0xDD: lambda r, d: r._items(r._length(4), d),
    0xDE: lambda r, d: r._map(r._length(2), d),
    0xDF: lambda r, d: r._map(r._length(4), d),
}
