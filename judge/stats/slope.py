"""How fast a cost grows: the slope of its logarithm over the logarithm of the size, with an interval.

A cost c·n^p is a straight line of slope p in log-log coordinates. The line is fitted by ordinary least squares, every
size counting alike; with m points the interval is estimate ± t·s/√Sxx, where s² is the residual sum of squares over
m − 2 and t the quantile of Student's distribution with m − 2 degrees of freedom (Draper and Smith 1998, section 1.4).
What bends the points away from a line (a fixed cost, a mixture of terms) widens the interval as noise does.

Noise of measured CPU time has one sign: neighbours only make a program slower. So the cost at a size should be the
minimum of several measurements, spread over time so that no burst meets them all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CONFIDENCE = 0.99
MIN_POINTS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Slope:
    """A fitted exponent."""

    estimate: float
    low: float  # of the interval with confidence CONFIDENCE
    high: float
    points: int  # sizes that were used


def fit_slope(sizes: Sequence[float], costs: Sequence[float]) -> Slope:
    """Returns the exponent of ``costs`` in ``sizes``, both positive and of one length.

    Raises ValueError with fewer than three points, with a value that is not positive and finite, or when all sizes are
    the same.
    """
    from scipy.special import stdtrit

    _check(sizes, costs)
    x, y = np.log(np.asarray(sizes, dtype=float)), np.log(np.asarray(costs, dtype=float))
    away = x - x.mean()
    spread = float(away @ away)
    slope = float(away @ y) / spread
    residuals = y - y.mean() - slope * away
    freedom = len(x) - 2
    quantile = float(stdtrit(freedom, (1 + CONFIDENCE) / 2))
    half = quantile * math.sqrt(float(residuals @ residuals) / freedom / spread)
    return Slope(estimate=slope, low=slope - half, high=slope + half, points=len(x))


def _check(sizes: Sequence[float], costs: Sequence[float]) -> None:
    if len(sizes) != len(costs):
        raise ValueError(f"expected as many costs as sizes, {len(sizes)}, found {len(costs)}")
    if len(sizes) < MIN_POINTS:
        raise ValueError(f"expected at least {MIN_POINTS} points, found {len(sizes)}")
    if len(set(sizes)) == 1:
        raise ValueError(f"expected sizes that differ, found {sizes[0]} only")
    for value in (*sizes, *costs):
        if not 0 < value < math.inf:
            raise ValueError(f"expected positive numbers, found {value}")
