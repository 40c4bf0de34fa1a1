"""What encoder and decoder of the wire agree on: type codes, limits, errors, and arrays where NumPy may be absent."""

from __future__ import annotations

import struct
import sys

pack, unpack = struct.pack, struct.unpack  # a submission may replace those of the module
INTEGER, TUPLE, PACKED, ARRAY, ROWS, SET, FROZENSET, COMPLEX = 1, 2, 3, 4, 5, 6, 7, 8
PACK_FROM = 8  # numbers: fewer are not packed
INT64_MIN, INT64_MAX, UINT64_MAX = -(1 << 63), (1 << 63) - 1, (1 << 64) - 1
DTYPES = frozenset(
    ["|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<f16", "<c8", "<c16", "<c32"]
)
LITTLE = sys.byteorder == "little"

MAX_DEPTH = 64
MAX_NODES = 1_000_000  # read one by one, rows, and rows of arrays without bytes; elements of packed lists are free
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
