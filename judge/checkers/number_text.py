"""Numbers that are written as text: what a number is, and when one is near enough to another.

A token is a number exactly when it matches the grammar of the Kattis problem package format (2025-09, "General
requirements"), in ASCII::

    float        {sign}? {significand} {exponent}?
    significand  {digit}* "." {digit}+  |  {digit}+ "."  |  {digit}+
    exponent     [Ee] {sign}? {digit}+

So ``1.``, ``.5`` and ``+1E-3`` are numbers; ``0x1p0``, ``1_0``, ``1,0``, ``1d0``, digits of other scripts, ``nan`` and
``inf`` are not (the last two only where they are declared). Any number of digits is read, and none is lost: a number
is a ``Decimal``, and never goes through a double. What would overflow a double is no number.

``TextBand`` decides in exact decimal arithmetic: 0.100001 is within 1e-6 of 0.1, and 0.1000010000000000000001 is not.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, DecimalException

MAX_DECIMALS = 5000  # places after the point of a reference; an answer may have any number

_NUMBER = re.compile(r"[+-]?(?:[0-9]*\.[0-9]+|[0-9]+\.?)(?:[Ee][+-]?[0-9]+)?")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_SPECIAL = re.compile(r"([+-]?)(?:(nan)|inf|infinity)", re.IGNORECASE | re.ASCII)
_TOO_LARGE = Decimal(2**1024 - 2**970)  # the least number that a double rounds to infinity
_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
_ROUNDED = Context(prec=40, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


def read_number(text: str) -> Decimal | None:
    """Returns the number that ``text`` is, exactly; None when it is none or would overflow a double."""
    if _NUMBER.fullmatch(text) is None:
        return None
    try:
        value = Decimal(text)
    except DecimalException:
        return None if _is_huge(text) else Decimal(0)
    return value if value.copy_abs() < _TOO_LARGE else None


def read_special(text: str) -> Decimal | None:
    """Returns a NaN or an infinity when ``text`` is one's name, in any case and with a sign or none; else None."""
    match = _SPECIAL.fullmatch(text)
    if match is None:
        return None
    return Decimal("NaN") if match[2] else Decimal(f"{match[1]}Infinity")


def is_grammatical(text: str) -> bool:
    """Whether ``text`` matches the grammar of numbers, overflowing or not."""
    return _NUMBER.fullmatch(text) is not None


def is_integer(text: str) -> bool:
    """Whether ``text`` is an integer as written: a sign or none, and digits."""
    return _INTEGER.fullmatch(text) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class TextBand:
    """Accepts g for the reference r exactly when ``|g - r| <= max(atol, rtol * |r|)``, without any rounding."""

    rtol: Decimal
    atol: Decimal

    @classmethod
    def of(cls, *, rtol: float, atol: float) -> TextBand:
        """The rule whose tolerances are the shortest decimals that stand for the doubles: 1e-6 is 0.000001."""
        return cls(rtol=Decimal(repr(rtol)), atol=Decimal(repr(atol)))

    def __str__(self) -> str:
        """The rule in words."""
        return f"relative {float(self.rtol):g}, absolute {float(self.atol):g}"

    def margin(self, found: Decimal, wanted: Decimal) -> float:
        """Returns error divided by tolerance for finite numbers: at most 1 exactly where ``found`` is accepted.

        ``wanted`` has at most MAX_DECIMALS places after the point, which bounds the work.
        """
        if found == wanted:
            return 0.0
        limit = max(self.atol, _EXACT.multiply(self.rtol, wanted.copy_abs()))
        low, high = _EXACT.subtract(wanted, limit), _EXACT.add(wanted, limit)
        if not limit:
            return math.inf
        quotient = float(_ROUNDED.divide(absolute_error(found, wanted), limit))
        return min(quotient, 1.0) if low <= found <= high else max(quotient, math.nextafter(1.0, 2.0))


def absolute_error(found: Decimal, wanted: Decimal) -> Decimal:
    """Returns ``|found - wanted|`` to 40 digits."""
    return _ROUNDED.subtract(found, wanted).copy_abs()


def relative_error(found: Decimal, wanted: Decimal) -> Decimal:
    """Returns the absolute error divided by ``|wanted|``, which is not 0, to 40 digits."""
    return _ROUNDED.divide(absolute_error(found, wanted), wanted.copy_abs())


def decimals(number: Decimal) -> int:
    """Returns how many places after the point a finite number has."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _is_huge(text: str) -> bool:
    """Whether a number whose exponent no Decimal can hold is far above, and not far below, all others."""
    mantissa, _, exponent = text.lower().partition("e")
    return not exponent.startswith("-") and mantissa.strip("+-.0") != ""
