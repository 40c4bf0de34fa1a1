"""Bytes to values, with limits: see ``wire``."""

from __future__ import annotations

from array import array

from .wire_format import (
    ARRAY,
    COMPLEX,
    DTYPES,
    FROZENSET,
    INT64_MAX,
    INTEGER,
    LITTLE,
    MAX_DEPTH,
    MAX_EQUAL_HASHES,
    MAX_INTEGER_BYTES,
    MAX_NODES,
    PACKED,
    ROWS,
    SET,
    TUPLE,
    Array,
    LimitError,
    WireError,
    unpack,
)

_PACKED = bytes([PACKED])

TYPE_CHECKING = False  # typing costs start-up time
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def decode(
    data: bytes,
    *,
    max_depth: int = MAX_DEPTH,
    max_nodes: int = MAX_NODES,
    make_array: Callable[[str, tuple[int, ...], bytes], object] = Array,
) -> object:
    """Returns the value that all of ``data`` encodes. Raises WireError or LimitError.

    Arrays come as ``Array``, or as what ``make_array`` makes of dtype, shape and bytes. The number of bytes is the
    caller's limit; no length that the bytes claim is believed before as many bytes are seen.
    """
    if data[:1] == b"\xc9" and data[5:6] == _PACKED and data[1:5] == (len(data) - 6).to_bytes(4):  # nothing else
        return _unpacked(data[6:])
    reader = _Reader(data, max_depth, max_nodes, make_array)
    value = reader.read(max_depth)
    if reader.at != len(data):
        raise WireError(f"{len(data) - reader.at} bytes after the value")
    return value


class _Reader:
    __slots__ = ("at", "data", "make_array", "max_depth", "max_nodes", "nodes")

    def __init__(
        self,
        data: bytes,
        max_depth: int,
        max_nodes: int,
        make_array: Callable[[str, tuple[int, ...], bytes], object],
    ) -> None:
        self.data = data
        self.at = 0
        self.max_depth = max_depth
        self.max_nodes = max_nodes
        self.nodes = max_nodes  # that may still come
        self.make_array = make_array

    def read(self, depth: int) -> object:
        if depth < 0:
            raise self._too_deep()
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
            raise LimitError(f"the value has too many elements, more than {self.max_nodes}")

    def _too_deep(self) -> LimitError:
        return LimitError(f"the value is nested too deeply, more than {self.max_depth} levels")

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
        if code == ROWS:
            return self._rows(length, depth)
        end = self.at + length
        if code == TUPLE:
            value: object = tuple(self._list(depth))
        elif code in (SET, FROZENSET):
            members = _members(self._list(depth))
            value = members if code == SET else frozenset(members)
        elif code == COMPLEX:
            value = complex(*unpack("<dd", self._take(16)))
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
        return _unpacked(self._take(length))

    def _rows(self, length: int, depth: int) -> list[Any]:
        data = self._take(length)
        if length < 6 or data[:2] not in (b"ql", b"qt", b"dl", b"dt") or (length - 6) % 8:
            raise WireError("rows are malformed")
        width = int.from_bytes(data[2:6], "little")
        count = (length - 6) // 8
        if not width or count % width:
            raise WireError(f"{count} numbers are no rows of {width}")
        if depth < 1:
            raise self._too_deep()
        self._spend(count // width)
        flat = _numbers(data[:1], data[6:])
        rows = [flat[at : at + width] for at in range(0, count, width)]
        return rows if data[1:2] == b"l" else list(map(tuple, rows))

    def _array(self, parts: list[Any]) -> object:
        if len(parts) != 3 or type(parts[0]) is not str or type(parts[1]) is not list or type(parts[2]) is not bytes:
            raise WireError("an array is malformed")
        dtype, shape, data = parts
        if dtype not in DTYPES:
            raise WireError(f"unknown dtype {dtype[:20]!r}")
        if len(shape) > 32 or any(type(extent) is not int or not 0 <= extent <= INT64_MAX for extent in shape):
            raise WireError("an array's shape is malformed")
        size = _product(shape) * int(dtype[2:])
        if size != len(data):
            raise WireError(f"an array of dtype {dtype} and shape {shape} has {len(data)} bytes, expected {size}")
        if size == 0:  # no bytes stand for its rows
            self._spend(_product([extent or 1 for extent in shape]))
        return self.make_array(dtype, tuple(shape), data)


def _unpacked(data: bytes) -> list[Any]:
    if data[:1] not in (b"q", b"d") or len(data) % 8 != 1:
        raise WireError("a packed list is malformed")
    return _numbers(data[:1], data[1:])


def _numbers(code: bytes, data: bytes) -> list[Any]:
    packed = array(code.decode())
    packed.frombytes(data)
    if not LITTLE:
        packed.byteswap()
    return packed.tolist()


def _product(extents: list[int]) -> int:
    product = 1
    for extent in extents:
        product *= extent
    return product


def _members(items: list[Any]) -> set[Any]:
    """Returns a set of ``items``; raises when one cannot be in a set, or is there twice."""
    members: set[Any] = set()
    hashes: dict[int, int] = {}
    for item in items:
        _count_hash(item, hashes)
        if item in members:
            raise WireError("a set has a member twice")
        members.add(item)
    return members


def _count_hash(key: object, hashes: dict[int, int]) -> None:
    """Counts a key's hash; raises when keys are made to collide, since each would be compared with all before it."""
    try:
        value = hash(key)
    except TypeError:
        raise WireError(f"a mapping or set has a key of type {type(key).__name__}") from None
    hashes[value] = seen = hashes.get(value, 0) + 1
    if seen > MAX_EQUAL_HASHES:
        raise LimitError(f"more than {MAX_EQUAL_HASHES} keys of a mapping or set have the same hash")


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
    0xCA: lambda r, _d: unpack(">f", r._take(4))[0],
    0xCB: lambda r, _d: unpack(">d", r._take(8))[0],
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
