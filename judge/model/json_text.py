"""JSON as a package writes it: integers up to the wire's limit, every key once, and the line of whatever is wrong.

Python's parser says where a syntax error is, and nothing more: not where a key stands twice or a number overflows. So
a text that it does not take as it is meant is split into tokens once more, only then, to find the culprit's line.
Integers are converted in halves: what Python converts at once is limited, since its time grows with the square.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, NoReturn

from judge.errors import SpecError
from judge.harness.wire import MAX_DEPTH, MAX_INTEGER_BYTES

MAX_INTEGER_BITS = MAX_INTEGER_BYTES * 8 - 1  # of the absolute value
MAX_INTEGER_DIGITS = int(MAX_INTEGER_BITS * math.log10(2)) + 1

_CHUNK = 512  # digits that Python converts whatever its limit is set to
_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*+"|[\[\]{},:]|NaN|-?Infinity|-?\d++(?:\.\d++)?(?:[eE][-+]?\d++)?|[^\s"\[\]{},:]', re.DOTALL
)
_INTEGER = re.compile(r"-?\d+\Z")
_TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"


class _Refused(ValueError):
    """A text that is not JSON as a package may write it; ``_locate`` says where."""


def parse_json(text: str, file: str) -> Any:
    """Returns the value that ``text`` writes. Raises SpecError with the line of what is wrong in ``file``."""
    try:
        value = json.loads(text, parse_int=_integer, parse_constant=_refuse_constant, object_pairs_hook=_unique)
        _check(value, 0)
    except json.JSONDecodeError as error:
        raise SpecError(f"not valid JSON: {error.msg}", file=file, line=error.lineno) from None
    except (_Refused, RecursionError):
        line, message = next(_flaws(text), (None, _TOO_DEEP))
        raise SpecError(f"not valid JSON: {message}", file=file, line=line) from None
    return value


def line_of_key(text: str, key: str) -> int | None:
    """Returns the line (from 1) of the first key ``key`` in a JSON text; None when no object has it."""
    return next((_line(text, token) for token, is_key in _tokens(text) if is_key and json.loads(token[0]) == key), None)


def _integer(text: str) -> int:
    digits = text.removeprefix("-")
    if len(digits) <= _CHUNK:
        return int(text)
    value = _of_digits(digits) if len(digits) <= MAX_INTEGER_DIGITS else None
    if value is None or value.bit_length() > MAX_INTEGER_BITS:
        raise _Refused
    return -value if text.startswith("-") else value


def _of_digits(digits: str) -> int:
    if len(digits) <= _CHUNK:
        return int(digits)
    low = _CHUNK
    while 2 * low < len(digits):
        low *= 2
    return _of_digits(digits[:-low]) * _power_of_ten(low) + _of_digits(digits[-low:])


@lru_cache(maxsize=16)
def _power_of_ten(exponent: int) -> int:
    power: int = 10**exponent
    return power


def _refuse_constant(_literal: str) -> NoReturn:
    raise _Refused


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _Refused
    return value


def _check(value: Any, depth: int) -> None:
    """Raises _Refused when ``value`` is nested too deeply or a number in it has overflowed."""
    if isinstance(value, float) and math.isinf(value):
        raise _Refused
    if isinstance(value, (list, dict)):
        if depth >= MAX_DEPTH:
            raise _Refused
        for item in value.values() if isinstance(value, dict) else value:
            _check(item, depth + 1)


# --- finding the culprit ------------------------------------------------------------------------------------------


def _flaws(text: str) -> Iterator[tuple[int, str]]:
    """Gives line and description of everything that ``parse_json`` refuses in a text, in its order."""
    open_keys: list[set[str]] = []  # of the lists and objects around a token
    for token, is_key in _tokens(text):
        if token[0] in "[{":
            open_keys.append(set())
            if len(open_keys) > MAX_DEPTH:
                yield _line(text, token), _TOO_DEEP
        elif token[0] in "]}":
            open_keys.pop()
        elif is_key:
            key = json.loads(token[0])
            if key in open_keys[-1]:
                yield _line(text, token), f"the key {key!r} stands twice"
            open_keys[-1].add(key)
        elif message := _flaw(token[0]):
            yield _line(text, token), message


def _flaw(token: str) -> str | None:
    """Returns what is wrong with a literal, if anything is."""
    if token in ("NaN", "Infinity", "-Infinity"):
        return f"expected a number, found the literal {token}"
    if _INTEGER.match(token):
        return _flaw_of_integer(token)
    if token[0] in "-0123456789" and token != "-" and math.isinf(float(token)):
        return f"the number {token[:40]} overflows"
    return None


def _flaw_of_integer(token: str) -> str | None:
    try:
        _integer(token)
    except _Refused:
        digits = len(token.removeprefix("-"))
        return f"expected an integer of at most {MAX_INTEGER_BITS} bits, found one of {digits} digits"
    return None


def _tokens(text: str) -> Iterator[tuple[re.Match[str], bool]]:
    """Gives the tokens of a text, and of each whether it is a key of an object."""
    for token, after in pairwise(chain(_TOKEN.finditer(text), [None])):
        if token is not None:
            yield token, token[0].startswith('"') and after is not None and after[0] == ":"


def _line(text: str, token: re.Match[str]) -> int:
    return text.count("\n", 0, token.start()) + 1
