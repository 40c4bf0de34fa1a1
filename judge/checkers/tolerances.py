"""How far a number may be from its reference: three rules, each for whole arrays at once.

A rule turns two arrays of finite numbers into their *margins*: the error divided by the tolerance, at most 1 exactly
where the number is accepted (a quotient of doubles, correctly rounded, is above 1 exactly where the dividend is the
larger). Nothing is added to either: difference and product are each rounded once to double precision, and that is all.

========== =========================================================================================================
rule       accepts a number g for the reference r when
========== =========================================================================================================
``Band``   ``|g - r| <= max(atol, rtol * |r|)``: relative to the reference only, not the sum of the two terms
``Scaled`` ``|g - r| <= max(factor * eps(dtype) * scale, rtol * |r|)``, the scale being the largest, the root mean
           square or the largest by row of the reference's absolute values
``Steps``  at most ``ulp`` floating-point numbers of the dtype lie between them, one of the two counted
========== =========================================================================================================

Where error or tolerance exceeds the largest double, both are computed from numbers divided by four.
Complex numbers are measured by modulus. A tolerance of zero accepts only zero error: the margin is then 0 or infinite.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from judge.model.conform import brief

Numbers = npt.NDArray[Any]

SCALES = ("max", "rms", "row_max")
MAX_ULP = 1 << 20


class Tolerance(Protocol):
    """A rule for finite numbers."""

    def margins(self, found: Numbers, wanted: Numbers) -> Numbers:
        """Returns error divided by tolerance, in float64 and of the shape of both arguments (equal, finite)."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """The larger of an absolute tolerance and one relative to the reference."""

    rtol: float
    atol: float

    def __str__(self) -> str:
        """The rule in words."""
        return f"relative {self.rtol:g}, absolute {self.atol:g}"

    def margins(self, found: Numbers, wanted: Numbers) -> Numbers:
        """As of a Tolerance."""
        return _margins(found, wanted, self._limit)

    def _limit(self, wanted: Numbers, unit: float) -> Numbers:
        return np.maximum(self.atol * unit, self.rtol * np.abs(wanted))


@dataclass(frozen=True, kw_only=True, slots=True)
class Scaled:
    """A multiple of the rounding error of the reference's scale."""

    scale: str  # max, rms or row_max
    factor: float
    rtol: float = 0.0  # of each element, where that is larger

    def __str__(self) -> str:
        """The rule in words."""
        relative = f"relative {self.rtol:g}, " if self.rtol else ""
        return f"{relative}{self.factor:g} × machine epsilon × {self.scale} of the reference"

    def margins(self, found: Numbers, wanted: Numbers) -> Numbers:
        """As of a Tolerance."""
        unit = self.factor * float(np.finfo(wanted.dtype).eps)

        def limit(values: Numbers, _unit: float) -> Numbers:
            return np.maximum(unit * _scale_of(values, self.scale), self.rtol * np.abs(values))

        return _margins(found, wanted, limit)


@dataclass(frozen=True, kw_only=True, slots=True)
class Steps:
    """A number of floating-point neighbours."""

    ulp: int

    def __str__(self) -> str:
        """The rule in words."""
        return f"{self.ulp} ULP"

    def margins(self, found: Numbers, wanted: Numbers) -> Numbers:
        """As of a Tolerance."""
        steps = ulps(found, wanted)
        return _ratio(steps.astype(np.float64), np.float64(self.ulp))


def ulps(found: Numbers, wanted: Numbers) -> Numbers:
    """Returns how many steps along the real floating-point numbers of the dtype lead from one to the other, in uint64.

    The bit patterns are mapped to integers that grow with the number: 0.0 and -0.0 are both 0, the smallest subnormals
    are 1 and -1, and so on through zero and every power of two. Both arguments have one dtype, float32 or float64.
    """
    first, second = _ordinals(found), _ordinals(wanted)
    high, low = np.maximum(first, second), np.minimum(first, second)
    with np.errstate(over="ignore"):  # beyond 2^63 the difference is right modulo 2^64
        return np.asarray(high.astype(np.uint64) - low.astype(np.uint64))


def errors(found: Numbers, wanted: Numbers) -> dict[str, Any]:
    """Returns the absolute, relative and ULP error of one finite number as plain JSON values.

    None stands for what is undefined or beyond a double: relative to a reference of 0, ULPs of a complex number.
    """
    with np.errstate(all="ignore"):
        error, size = float(np.abs(_wide(found) - _wide(wanted))), float(np.abs(_wide(wanted)))
    relative = error / size if size else math.inf
    return {
        "abs_error": error if math.isfinite(error) else None,
        "rel_error": relative if math.isfinite(relative) else None,
        "ulp_error": None if wanted.dtype.kind == "c" else int(ulps(found, wanted)),
    }


def check_tolerance(name: str, value: Any) -> None:
    """Raises ValueError unless ``value`` is a finite number, not negative and not a bool.

    A relative tolerance (``name`` ends in rtol) is below 1: with 1 and more, 0 would be as good as any number.
    """
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not 0 <= value <= sys.float_info.max:
        raise ValueError(f"{name}: expected a finite number of at least 0, found {brief(value)}")
    if name.endswith("rtol") and value >= 1:
        raise ValueError(f"{name}: expected a number of at least 0 and below 1, found {brief(value)}: 0 would pass")


def band_of(where: str, given: Any) -> Band:
    """Returns the tolerance that a mapping with ``rtol``, ``atol`` or both states; the one that is missing is 0.

    Raises ValueError, which names ``where``, for anything else.
    """
    if not isinstance(given, Mapping) or not given or not set(given) <= {"rtol", "atol"}:
        raise ValueError(f"{where}: expected rtol, atol or both, found {brief(given)}")
    for name, value in given.items():
        check_tolerance(f"{where}: {name}", value)
    return Band(rtol=given.get("rtol", 0.0), atol=given.get("atol", 0.0))


def check_choice(name: str, value: Any, choices: tuple[str, ...]) -> None:
    """Raises ValueError unless ``value`` is one of ``choices``."""
    if value not in choices:
        raise ValueError(f"{name}: expected one of {', '.join(choices)}, found {brief(value)}")


def _margins(found: Numbers, wanted: Numbers, limit_of: Any) -> Numbers:
    found, wanted = _wide(found), _wide(wanted)
    with np.errstate(all="ignore"):
        error, limit = np.abs(found - wanted), np.broadcast_to(limit_of(wanted, 1.0), wanted.shape)
        huge = ~(np.isfinite(error) & np.isfinite(limit))
        if huge.any():
            quarter = wanted / 4
            error = np.where(huge, np.abs(found / 4 - quarter), error)
            limit = np.where(huge, limit_of(quarter, 0.25), limit)
    return _ratio(error, limit)


def _ratio(error: Numbers, limit: Numbers | np.float64) -> Numbers:
    """Returns error / limit; 0 / 0 is 0."""
    with np.errstate(all="ignore"):
        return np.where(error == 0, 0.0, error / limit)


def _wide(values: Numbers) -> Numbers:
    return values.astype(np.complex128 if values.dtype.kind == "c" else np.float64, copy=False)


def _scale_of(values: Numbers, scale: str) -> Numbers:
    sizes = np.abs(values)
    if scale == "row_max":
        return np.max(sizes, axis=-1, keepdims=True, initial=0.0) if sizes.ndim else sizes
    largest = np.max(sizes, initial=0.0)
    if scale == "max" or largest == 0 or not np.isfinite(largest):
        return np.asarray(largest)
    return np.asarray(largest * np.sqrt(np.mean((sizes / largest) ** 2)))


def _ordinals(values: Numbers) -> Numbers:
    signed = np.int64 if values.dtype.itemsize == 8 else np.int32
    bits = values.view(signed).astype(np.int64)
    return np.where(bits < 0, -(bits & np.iinfo(signed).max), bits)
