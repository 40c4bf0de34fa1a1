"""Digests: SHA-256 over one canonical encoding of plain values and frozen dataclasses."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

_ENCODER = msgspec.msgpack.Encoder(order="deterministic")


def digest_of(value: Any) -> str:
    """Returns the SHA-256 (64 hexadecimal digits) of ``value``'s canonical MessagePack; mappings are sorted by key."""
    return hashlib.sha256(_ENCODER.encode(value)).hexdigest()


def digest_of_bytes(data: bytes) -> str:
    """Returns the SHA-256 (64 hexadecimal digits) of ``data``."""
    return hashlib.sha256(data).hexdigest()
