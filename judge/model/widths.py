"""How wide integers are: any size in Python, a fixed number of bits in the compiled languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

COMPILED = ("cpp20", "java17")


def integer_beyond(value: Any, bits: int) -> int | None:
    """Returns an integer in a typed value that does not fit ``bits`` bits with a sign; None when all do."""
    limit = 1 << (bits - 1)
    return next((number for number in _integers(value) if not -limit <= number < limit), None)


def _integers(value: Any) -> Iterator[int]:
    """Yields the integers in a typed value; of a list of integers only the smallest and the largest."""
    if type(value) is int:
        yield value
    elif isinstance(value, dict):
        for pair in value.items():
            yield from _integers(pair)
    elif isinstance(value, (list, tuple)) and value:
        if set(map(type, value)) == {int}:
            yield from (min(value), max(value))
        elif type(value[0]) not in (float, str, bytes, bool) or len(set(map(type, value))) > 1:
            for item in value:
                yield from _integers(item)
