"""The wire encoding of values: MessagePack with eight extension types, and a decoder with limits.

Spoken between the judge and the process that runs a candidate's function. Values are ``None``, ``bool``, ``int`` of any
size, ``float``, ``complex``, ``str``, ``bytes``, ``list``, ``tuple``, ``dict``, ``set``, ``frozenset`` and arrays.
MessagePack's own formats are used for all but these extension types:

==== =========== ===================================================================================================
type name        payload
==== =========== ===================================================================================================
1    integer     two's complement, little-endian, for integers outside 64 bits
2    tuple       one MessagePack array
3    packed list ``b"q"`` or ``b"d"``, then little-endian 64-bit integers or floats: a list of at least eight exact
                 ints, or of at least eight exact floats
4    array       one MessagePack array ``[dtype, shape, data]``: NumPy's dtype (``"<f8"``), C order, little-endian
5    rows        ``b"ql"``, ``b"qt"``, ``b"dl"`` or ``b"dt"``: numbers as above, in lists or tuples; the length of a
                 row, 32-bit little-endian; then the numbers: a list of at least two rows, equally long, not empty, with
                 at least eight numbers together
6    set         one MessagePack array of different members
7    frozenset   the same
8    complex     two little-endian 64-bit floats
==== =========== ===================================================================================================

``encode`` accepts subclasses of the built-in types (named tuples, counters) and NumPy's scalars by their plain value,
and refuses everything else with TypeError; nothing that a candidate overrides decides what is sent. ``decode`` never
executes anything that the bytes say: it raises WireError on malformed bytes and LimitError when the value is deeper,
larger or has more digits than the limits allow, before it builds it. Tuples, sets and arrays count as two levels, rows
as one."""

from __future__ import annotations

from .wire_decoder import decode
from .wire_encoder import encode, encode_mapping
from .wire_format import (
    ARRAY,
    INTEGER,
    MAX_DEPTH,
    MAX_EQUAL_HASHES,
    MAX_INTEGER_BYTES,
    MAX_NODES,
    PACKED,
    ROWS,
    TUPLE,
    Array,
    LimitError,
    WireError,
)

__all__ = [
    "ARRAY",
    "INTEGER",
    "MAX_DEPTH",
    "MAX_EQUAL_HASHES",
    "MAX_INTEGER_BYTES",
    "MAX_NODES",
    "PACKED",
    "ROWS",
    "TUPLE",
    "Array",
    "LimitError",
    "WireError",
    "decode",
    "encode",
    "encode_mapping",
]
