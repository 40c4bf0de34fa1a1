"""The judging of text: shared by the checkers ``tokens`` and ``lines``.

The options are those of the default output validator of the Kattis problem package format (2025-09). A text is cut into
tokens at the six ASCII white-space characters (space, form feed, line feed, carriage return, tab, vertical tab); then,
in this order:

1. the answer has as many tokens as the expected text (``lines``: as many lines, and as many tokens in each);
2. where white space counts, every stretch of it is the same, the first and the last included;
3. expected tokens that are no numbers, or all of them when no tolerance is given, are compared as text; the case of
   the ASCII letters counts only where that is asked for;
4. expected tokens that are numbers are compared as numbers, by ``number_text``, the worst one deciding.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Protocol

from judge.checkers.number_text import (
    MAX_DECIMALS,
    TextBand,
    absolute_error,
    decimals,
    is_grammatical,
    is_integer,
    read_number,
    read_special,
    relative_error,
)
from judge.checkers.numeric import POLICIES
from judge.checkers.structure import DifferenceError
from judge.checkers.text_parts import Pair, Part, check_gaps, pairs_of
from judge.checkers.tolerances import check_choice, check_tolerance
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.verdict import Reason

_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


class TextOptions(Protocol):
    """The parameters that both checkers have."""

    @property
    def case_sensitive(self) -> bool: ...
    @property
    def space_change_sensitive(self) -> bool: ...
    @property
    def float_absolute_tolerance(self) -> float | None: ...
    @property
    def float_relative_tolerance(self) -> float | None: ...
    @property
    def float_tolerance(self) -> float | None: ...
    @property
    def exact_integers(self) -> bool: ...
    @property
    def nan(self) -> str: ...
    @property
    def inf(self) -> str: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class TextRule:
    """What both checkers compare by."""

    case_sensitive: bool
    spaces: bool  # white space is compared as well
    band: TextBand | None  # None: numbers are compared as text
    exact_integers: bool
    nan: bool  # a NaN in the expected text stands for itself
    inf: bool  # the same for infinities

    @classmethod
    def of(cls, options: TextOptions) -> TextRule:
        """The rule of a checker's parameters. Raises ValueError for one out of range or two that contradict."""
        for flag in ("case_sensitive", "space_change_sensitive", "exact_integers"):
            if not isinstance(getattr(options, flag), bool):
                raise ValueError(f"{flag}: expected true or false, found {brief(getattr(options, flag))}")
        for policy in ("nan", "inf"):
            check_choice(policy, getattr(options, policy), POLICIES)
        band = _band(options)
        needless = [name for name in ("nan", "inf") if getattr(options, name) != "refuse"]
        needless += ["exact_integers"] if options.exact_integers else []
        if band is None and needless:
            raise ValueError(f"{needless[0]}: expected a tolerance beside it, found none: numbers are compared as text")
        return cls(
            case_sensitive=options.case_sensitive,
            spaces=options.space_change_sensitive,
            band=band,
            exact_integers=options.exact_integers,
            nan=options.nan == "match",
            inf=options.inf == "match",
        )

    def check_key(self, parts: Sequence[Part]) -> None:
        """Raises ValueError when a token of the expected text overflows, is too long or is not finite, undeclared."""
        if self.band is None:
            return
        for part in parts:
            for token in part.tokens():
                self._check_token(token)

    def judge(self, found: Sequence[Part], wanted: Sequence[Part]) -> Judgement:
        """Judges parts that correspond, one to one. Raises DifferenceError, but not for a number that is too far."""
        if self.band is None and not self.spaces and all(map(self._same_tokens, found, wanted)):
            return Judgement(accepted=True)
        pairs = [pair for mine, theirs in zip(found, wanted, strict=True) for pair in pairs_of(mine, theirs)]
        if self.spaces:
            for mine, theirs in zip(found, wanted, strict=True):
                check_gaps(mine, theirs)
        numbers = [(pair, number) for pair in pairs if (number := self._number(pair)) is not None]
        return self._summary([(pair, number, self._margin(pair, number)) for pair, number in numbers])

    def _same_tokens(self, found: Part, wanted: Part) -> bool:
        mine, theirs = (Part(text=self._fold(part.text), where="").tokens() for part in (found, wanted))
        return mine == theirs

    def _check_token(self, token: str) -> None:
        special, value = read_special(token), read_number(token)
        if special is not None:
            name = "nan" if special.is_nan() else "inf"
            if not getattr(self, name):
                raise ValueError(f"the token {token!r}: expected a finite number, or '{name}: match' in the checker")
        if is_grammatical(token) and value is None:
            raise ValueError(f"the token {brief(token, 60)}: expected a number within the range of a double")
        if value is not None and decimals(value) > MAX_DECIMALS:
            message = f"the token {brief(token, 60)}: expected at most {MAX_DECIMALS} decimals, found {decimals(value)}"
            raise ValueError(message)

    def _number(self, pair: Pair) -> Decimal | None:
        """Returns the expected number, or None for a token that is none, which is then compared as text."""
        if self.band is not None:
            special = read_special(pair.wanted) if self.nan or self.inf else None
            if special is not None and (self.nan if special.is_nan() else self.inf):
                return special
            number = read_number(pair.wanted)
            if number is not None and decimals(number) <= MAX_DECIMALS:
                return number
        if self._fold(pair.found) != self._fold(pair.wanted):
            message = f"{pair.where} is {brief(pair.found, 60)}, which is not the expected value"
            raise DifferenceError(Reason.WRONG_VALUE, message)
        return None

    def _fold(self, token: str) -> str:
        return token if self.case_sensitive else token.translate(_LOWER)

    def _margin(self, pair: Pair, wanted: Decimal) -> float:
        if not wanted.is_finite():
            return _class_margin(pair, wanted)
        if pair.found == pair.wanted:
            return 0.0
        if read_special(pair.found) is not None:
            message = f"{pair.where} is {brief(pair.found, 60)}, where a finite number is expected"
            raise DifferenceError(Reason.NOT_FINITE, message)
        found, integral = read_number(pair.found), self.exact_integers and is_integer(pair.wanted)
        if found is None or (integral and not is_integer(pair.found)):
            what = "an integer" if integral else "a number"
            message = f"{pair.where} is {brief(pair.found, 60)}, where {what} is expected"
            raise DifferenceError(Reason.WRONG_TYPE, message)
        band = TextBand(rtol=Decimal(0), atol=Decimal(0)) if integral or self.band is None else self.band
        return band.margin(found, wanted)

    def _summary(self, measured: list[tuple[Pair, Decimal, float]]) -> Judgement:
        if self.band is None:
            return Judgement(accepted=True)
        evidence: dict[str, Any] = {"compared": len(measured)}
        pair, wanted, margin = max(measured, key=lambda item: item[2], default=(None, None, 0.0))
        if pair is None or wanted is None or margin == 0:
            return Judgement(accepted=True, margin=0.0, evidence=evidence)
        outside = sum(item[2] > 1 for item in measured)
        evidence |= {"outside": outside, "worst": pair.where, **_errors(pair, wanted)}
        if not outside:
            return Judgement(accepted=True, margin=margin, evidence=evidence)
        message = f"{pair.where} is {brief(pair.found, 60)}: outside the tolerance ({self.band})"
        if self.exact_integers and is_integer(pair.wanted):
            message = f"{pair.where} is {brief(pair.found, 60)}, which is not the expected integer"
        if outside > 1:
            message += f", as are {outside} of {len(measured)} numbers in all"
        return Judgement(accepted=False, reason=Reason.WRONG_VALUE, message=message, margin=margin, evidence=evidence)


def _band(options: TextOptions) -> TextBand | None:
    names = ("float_absolute_tolerance", "float_relative_tolerance", "float_tolerance")
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    for name, value in given.items():
        check_tolerance(name, value)
    if "float_tolerance" in given and len(given) > 1:
        raise ValueError("float_tolerance: expected it alone, found one of the others beside it")
    both = given.get("float_tolerance", 0.0)
    if not given:
        return None
    return TextBand.of(
        rtol=given.get("float_relative_tolerance", both), atol=given.get("float_absolute_tolerance", both)
    )


def _class_margin(pair: Pair, wanted: Decimal) -> float:
    found = read_special(pair.found)
    same = found is not None and (found.is_nan() if wanted.is_nan() else found == wanted)
    if not same:
        message = f"{pair.where} is {brief(pair.found, 60)}, which is not as expected"
        raise DifferenceError(Reason.WRONG_VALUE, message)
    return 0.0


def _errors(pair: Pair, wanted: Decimal) -> dict[str, Any]:
    found = read_number(pair.found)
    if found is None or not wanted.is_finite():
        return {}
    return {
        "abs_error": _finite(float(absolute_error(found, wanted))),
        "rel_error": _finite(float(relative_error(found, wanted))) if wanted else None,
    }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
