"""Plain typed values as bytes: two values have the same bytes exactly when they are equal.

So elements of any type are counted and looked up without an order among them. It is equality as the checker ``exact``
has it: types count, 0.0 equals -0.0, arrays have the same dtype and shape, and a NaN equals nothing (a value that holds
one has no bytes). The hash of bytes is keyed, so no answer can be made of elements that all collide.

For tolerant comparisons the numbers are taken out: the bytes then say everything else, and where numbers stood.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from typing import Any

import numpy as np

_DOUBLE = struct.Struct(">d")


class NotANumberError(Exception):
    """A value holds a NaN, which equals nothing."""


def canonical(value: Any, *, levels: int = 0) -> bytes | None:
    """Returns the bytes of ``value``; None when it holds a NaN.

    In the outermost ``levels`` levels of lists the order of the elements does not count.
    """
    try:
        return _encode(value, levels, None)
    except NotANumberError:
        return None


def split_numbers(value: Any) -> tuple[bytes, list[float]]:
    """Returns the bytes of all but the floating-point numbers in ``value``, and these numbers in a fixed order.

    Elements of real floating-point arrays are among the numbers; complex arrays are not supported.
    """
    numbers: list[float] = []
    return _encode(value, 0, numbers), numbers


def _encode(value: Any, levels: int, numbers: list[float] | None) -> bytes:
    kind = type(value)
    if kind is float:
        return _of_float(value, numbers)
    if kind is list:
        parts = [_encode(item, levels - 1, numbers) for item in value]
        return b"U" + _joined(sorted(parts)) if levels > 0 else b"L" + _joined(parts)
    if kind is tuple:
        return b"T" + _joined([_encode(item, 0, numbers) for item in value])
    if kind is dict:
        return b"D" + _joined(_pairs(value, numbers))
    return _of_array(value, numbers) if kind is np.ndarray else _of_discrete(value)


def _of_discrete(value: Any) -> bytes:
    if value is None:
        return b"N"
    if type(value) is str:
        return b"s" + value.encode("utf-8", "surrogatepass")
    if type(value) is bytes:
        return b"b" + value
    return b"%c%x" % (b"?" if type(value) is bool else b"i", value)


def _of_float(value: float, numbers: list[float] | None) -> bytes:
    if numbers is not None:
        numbers.append(value)
        return b"f"
    if math.isnan(value):
        raise NotANumberError
    return b"f" + _DOUBLE.pack(value + 0.0)  # -0.0 + 0.0 is 0.0


def _of_array(value: np.ndarray[Any, Any], numbers: list[float] | None) -> bytes:
    head = f"A{value.dtype.str}{value.shape}".encode()
    if value.dtype.kind not in "fc":
        return head + value.tobytes()
    if numbers is not None:
        numbers.extend(value.astype(np.float64).ravel().tolist())
        return head
    if np.isnan(value).any():
        raise NotANumberError
    return head + bytes(np.add(value, value.dtype.type(0)).tobytes())


def _pairs(value: dict[Any, Any], numbers: list[float] | None) -> Iterable[bytes]:
    keys = sorted((_encode(key, 0, None), key) for key in value)
    for encoded, key in keys:
        yield encoded
        yield _encode(value[key], 0, numbers)


def _joined(parts: Iterable[bytes]) -> bytes:
    return b"".join(b"%d:%b" % (len(part), part) for part in parts) + b";"
