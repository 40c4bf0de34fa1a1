"""Bytes and seconds, parsed once: ``"256MiB"``, ``"1.5s"``, ``"20ms"``."""

from __future__ import annotations

import re
from fractions import Fraction

NANOSECONDS = 1_000_000_000

_BYTES: dict[str, Fraction | int] = {
    "B": 1,
    "KB": 1000,
    "MB": 1000**2,
    "GB": 1000**3,
    "KiB": 1024,
    "MiB": 1024**2,
    "GiB": 1024**3,
}
_SECONDS: dict[str, Fraction | int] = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": 1,
    "min": 60,
}
_QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]+)\Z")


def parse_bytes(text: str) -> int:
    """Returns a size in bytes; ``text`` is a number and one of B, KB, MB, GB, KiB, MiB, GiB.

    Raises ValueError when it is anything else or not a whole number of bytes.
    """
    return _whole(_parse(text, _BYTES, "a size such as '256MiB'"), text, "bytes")


def parse_duration_ns(text: str) -> int:
    """Returns a duration in nanoseconds; ``text`` is a number and one of ns, us, ms, s, min. Raises ValueError."""
    return _whole(_parse(text, _SECONDS, "a duration such as '1.5s'") * NANOSECONDS, text, "nanoseconds")


def format_bytes(size: int) -> str:
    """Returns the largest binary unit that keeps ``size`` readable: ``268435456`` gives ``256 MiB``."""
    for unit, factor in (("GiB", 1024**3), ("MiB", 1024**2), ("KiB", 1024)):
        if size >= factor:
            return f"{size / factor:.4g} {unit}"
    return f"{size} B"


def format_ns(duration: int) -> str:
    """Returns a duration of nanoseconds in seconds or milliseconds: ``1500000000`` gives ``1.5 s``."""
    if duration >= NANOSECONDS:
        return f"{duration / NANOSECONDS:.4g} s"
    return f"{duration / 1_000_000:.4g} ms"


def _parse(text: str, units: dict[str, Fraction | int], expected: str) -> Fraction:
    match = _QUANTITY.match(text)
    if match is None or match[2] not in units:
        raise ValueError(f"expected {expected} (units {', '.join(units)}), found {text!r}")
    return Fraction(match[1]) * units[match[2]]


def _whole(value: Fraction, text: str, unit: str) -> int:
    if value.denominator != 1:
        raise ValueError(f"expected a whole number of {unit}, found {text!r}")
    return int(value)
