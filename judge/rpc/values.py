"""Plain values as JSON: what ``Sample`` and ``CaseReport.evidence`` hold.

Tuples and arrays become lists, bytes Base64 text, complex numbers ``[real, imaginary]``, NaN and infinities the strings
that protobuf's JSON uses. Keys that are not strings become their JSON text. A character that UTF-8 cannot hold (a lone
surrogate) is escaped.
"""

from __future__ import annotations

import base64
import json
import math
from fractions import Fraction
from typing import Any

import numpy as np

from judge.harness.wire import Array

_EXACT = 1 << 53  # a double holds every integer up to it


def printable(text: str) -> str:
    """Returns ``text`` with characters that UTF-8 cannot hold as backslash escapes."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def to_json(value: Any) -> str:
    """Returns ``value`` as JSON text; integers keep all their digits. Raises TypeError for other than plain values."""
    return json.dumps(plain(value), ensure_ascii=False)


def plain(value: Any) -> Any:
    """Returns ``value`` as what JSON can hold. Raises TypeError for other than plain values."""
    if isinstance(value, str):
        return printable(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else _non_finite(value)
    if isinstance(value, dict):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return _plain_special(value)


def struct_value(value: Any) -> Any:
    """Returns ``value`` as what ``google.protobuf.Struct`` can hold: integers that a double cannot hold become text."""
    value = plain(value)
    if isinstance(value, dict):
        return {key: struct_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [struct_value(item) for item in value]
    if isinstance(value, int) and abs(value) > _EXACT:
        return str(value)
    return value


def _plain_special(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, complex):
        return [plain(value.real), plain(value.imag)]
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Array):
        return plain(np.frombuffer(value.data, dtype=value.dtype).reshape(value.shape))
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    raise TypeError(f"a value of type {type(value).__name__!r} has no JSON form")


def _key(key: Any) -> str:
    return printable(key) if isinstance(key, str) else to_json(key)


def _non_finite(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
