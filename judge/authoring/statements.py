"""What a statement in Markdown says: its headings, its examples as values, the time that it grants.

Examples are read from tables whose header names parameters in backticks, and from assignments in backticks
(`` `tau = 2` ``); values are written as in Python. A cell that is no literal (``0.21…``) is not a value.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_CODE = re.compile(r"`([^`]+)`")
_HEADING = re.compile(r"^#+\s*(.+?)\s*#*$", re.MULTILINE)
_WORDS = {"half a": 0.5, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "a": 1}
_TIME = re.compile(r"\b(\d+(?:\.\d+)?|half a|one|two|three|four|five|six|ten|a)\s+seconds?\s+of\s+CPU\s+time", re.I)
_NEGATIVE = re.compile(r"[-−–±]\s*(\d+(?:[   ,_]\d{3})*(?:\^\{?\d+\}?|[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?)")
_ABSOLUTE = re.compile(r"\babsolute|\bmagnitude|\\lvert|[$`]\|", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[   ,_]\d{3})*|\d+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of a table."""

    arguments: dict[str, Any]  # by name: the values of columns that are named like parameters
    others: tuple[Any, ...]  # the values of the other columns
    answer: str  # the cell of a column headed "answer" or "an answer", as it is written; empty when there is none
    line: int  # in the statement


def headings(text: str) -> list[str]:
    """The texts of all headings."""
    return _HEADING.findall(text)


def granted_seconds(text: str) -> list[float]:
    """The numbers of seconds of CPU time that it speaks of."""
    found = [match.lower() for match in _TIME.findall(re.sub(r"\s+", " ", text))]
    return [float(_WORDS.get(word, 0) or word) for word in found]


def mentions(text: str, number: int) -> bool:
    """Whether it names a number, with or without separators of thousands, as a power of ten or of two.

    A number below 0 has a sign, unless the text speaks of absolute values.
    """
    if number < 0 and not _ABSOLUTE.search(text):
        return any(mentions(found, -number) for found in _NEGATIVE.findall(text))
    digits = {re.sub(r"\D", "", found) for found in _NUMBER.findall(text)}
    powers = {f"10{_raised(power)}" for power in range(1, 40) if 10**power == abs(number)}
    powers |= {f"10^{power}" for power in range(1, 40) if 10**power == abs(number)}
    powers |= {f"2{_raised(power)}" for power in range(1, 70) if abs(number) in (2**power, 2**power - 1)}
    plain = text.replace("^{", "^").replace("}", "")
    return str(abs(number)) in digits or any(power in plain for power in powers)


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def rows(text: str, parameters: Sequence[str]) -> Iterator[Row]:
    """Yields the rows of all tables that hold values."""
    header: list[str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        cells = _cells(line)
        if not cells:
            header = None
        elif header is None:
            header = [cell.strip("` ") for cell in cells]
        elif not set("".join(cells)) <= set("-: "):
            yield _row(header, cells, parameters, number)


def _row(header: list[str], cells: list[str], parameters: Sequence[str], line: int) -> Row:
    arguments, others, answer = {}, [], ""
    for name, cell in zip(header, cells, strict=False):
        value = literal(cell)
        if name.endswith("answer"):
            answer = answer or cell
        if value is not None and name in parameters:
            arguments[name] = value[0]
        elif value is not None:
            others.append(value[0])
    return Row(arguments=arguments, others=tuple(others), answer=answer, line=line)


def assigned(text: str, parameters: Sequence[str]) -> dict[str, list[Any]]:
    """The values that are given to parameters in backticks, by name."""
    found: dict[str, list[Any]] = {name: [] for name in parameters}
    for code in _CODE.findall(text):
        *names, written = " ".join(code.split()).split(" = ")
        value = literal(written)
        for name in names:
            if value is not None and name in found:
                found[name].append(value[0])
    return found


def literal(cell: str) -> tuple[Any] | None:
    """The value that a cell writes, in a tuple; None when it is none."""
    match = _CODE.match(cell.strip())
    text = match[1] if match else cell.strip()
    for read in (ast.literal_eval, json.loads):
        try:
            return (read(text),)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    return None


def _cells(line: str) -> list[str]:
    """The cells of a line of a table; a bar in backticks is not a border."""
    text = line.strip()
    if not text.startswith("|"):
        return []
    hidden = re.sub(r"`[^`]*`", lambda match: match[0].replace("|", "\0"), text).replace("\\|", "\0")
    return [cell.replace("\0", "|").strip() for cell in hidden.strip("|").split("|")]
