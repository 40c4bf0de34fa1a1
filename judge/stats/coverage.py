"""Evidence that intervals miss the truth too often, or are too wide, and the power against an interval's defects.

The null has two parts, both bounded means (``judge.stats.betting``). *miss*: given the past, an interval misses the
truth with a probability of at most 1 - c + slack; the bet 1 + λ (miss - m) is a likelihood ratio of two Bernoulli laws,
so for this part the test is the binomial one. *width*: the expected width is at most W; widths are cut off at
``LONGEST`` times W first, which can only make their expectation smaller, so that the null still holds for them.
"""

from __future__ import annotations

import math

import numpy as np

from judge.stats.arrays import Floats
from judge.stats.betting import AtMost, Evidence

LONGEST = 10.0  # widths beyond so many times the largest right mean width count as this


def coverage_evidence(most_misses: float, alpha: float) -> Evidence:
    """Returns fresh evidence against "the probability of a miss is at most ``most_misses``, widths are right"."""
    return Evidence([AtMost("miss", np.array([most_misses])), AtMost("width", np.array([1 / LONGEST]))], alpha)


def views(misses: Floats, widths: Floats, most_width: float) -> tuple[Floats, Floats]:
    """Returns (calls,) misses (0 or 1) and widths as the members of the evidence see them; infinite widths may be."""
    return misses[:, None], np.minimum(widths / (LONGEST * most_width), 1.0)[:, None]


def normal_miss(coverage: float, width: float, offset: float) -> float:
    """Returns how often an interval misses whose estimate is normal.

    A right one has the coverage ``coverage`` and the width 1; this one has ``width``, and ``offset`` is the distance of
    its centre's expectation from the truth, in widths of a right one.
    """
    from scipy import special

    error = 0.5 / float(special.ndtri(0.5 + coverage / 2))  # standard error of the estimate, in the same unit
    low, high = (float(special.ndtr((offset + side * width / 2) / error)) for side in (-1, 1))
    return min(max(1.0 - (high - low), 0.0), 1.0) if math.isfinite(width) else 0.0
