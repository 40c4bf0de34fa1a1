"""Model nouns as MessagePack: what frames between processes and rows of a store are made of.

Candidates' strings may hold lone surrogates and checkers' evidence integers of any size; neither has a place in
MessagePack. A value that holds one is packed with such characters escaped and such integers as decimal strings.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np


def pack(value: Any) -> bytes:
    """Returns the MessagePack of ``value``. Raises TypeError for a value that has no encoding."""
    try:
        return _ENCODER.encode(value)
    except (UnicodeEncodeError, OverflowError):
        return _ENCODER.encode(_printable(msgspec.to_builtins(value, enc_hook=_enc_hook, builtin_types=(bytes,))))


def unpacker[T](kind: type[T]) -> msgspec.msgpack.Decoder[T]:
    """Returns what decodes values of type ``kind``; it raises msgspec.MsgspecError for anything else."""
    return msgspec.msgpack.Decoder(kind, dec_hook=_dec_hook)


def _enc_hook(value: Any) -> Any:
    if isinstance(value, Fraction):
        return [str(value.numerator), str(value.denominator)]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"a value of type {type(value).__name__!r} cannot be told between processes")


@lru_cache(maxsize=256)  # most scores are 0 or 1
def _fraction(numerator: str, denominator: str) -> Fraction:
    return Fraction(int(numerator), int(denominator))


def _dec_hook(kind: type, value: Any) -> Any:
    if kind is Fraction:
        return _fraction(*value)
    raise TypeError(f"expected no values of type {kind.__name__!r}")


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 64:
        return str(value)
    if isinstance(value, dict):
        return {_printable(key): _printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    return value


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_enc_hook)
