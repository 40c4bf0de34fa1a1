"""Text cut into tokens and white space, as the Kattis problem package format (2025-09) cuts it.

White space is six ASCII characters: space, form feed, line feed, carriage return, tab, vertical tab. A no-break space
and the other spaces of Unicode are parts of tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from judge.checkers.structure import DifferenceError
from judge.model.conform import brief
from judge.model.verdict import Reason

SPACE = " \t\n\v\f\r"
_TOKEN = re.compile(f"[^{SPACE}]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A stretch of text whose tokens are compared with those of one stretch of the other text."""

    text: str
    where: str  # for messages: "answer", "line 3 of answer"

    def tokens(self) -> list[str]:
        """The tokens, in order."""
        return _TOKEN.findall(self.text)

    def gaps(self) -> list[str]:
        """The white space before each token and, last, after the last one; any of them may be empty."""
        return _TOKEN.split(self.text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A token of the answer and the expected one in its place."""

    found: str
    wanted: str
    where: str  # "token 2 of answer"


def texts_of(*contents: str | bytes) -> list[str]:
    """Returns texts as they are, and what a program wrote as UTF-8 when all of it is, byte by byte otherwise."""
    try:
        return [content if isinstance(content, str) else content.decode() for content in contents]
    except UnicodeDecodeError:
        return [content if isinstance(content, str) else content.decode("latin-1") for content in contents]


def pairs_of(found: Part, wanted: Part) -> Iterator[Pair]:
    """Yields the tokens of two parts side by side. Raises DifferenceError when they have different numbers of them."""
    mine, theirs = found.tokens(), wanted.tokens()
    if len(mine) != len(theirs):
        message = f"{found.where}: the number of tokens, {len(mine)}, is not the right one"
        raise DifferenceError(Reason.WRONG_SHAPE, message)
    for at, (token, reference) in enumerate(zip(mine, theirs, strict=True), start=1):
        yield Pair(found=token, wanted=reference, where=f"token {at} of {found.where}")


def check_gaps(found: Part, wanted: Part) -> None:
    """Raises DifferenceError unless two parts with equally many tokens have the same white space around them."""
    mine, theirs = found.gaps(), wanted.gaps()
    if mine == theirs:
        return
    at = next(index for index, (a, b) in enumerate(zip(mine, theirs, strict=True)) if a != b)
    place = f"before token {at + 1}" if at + 1 < len(mine) else "at the end"
    message = f"{found.where}: the white space {place} is {brief(mine[at], 60)}, which is not the expected one"
    raise DifferenceError(Reason.WRONG_VALUE, message)
