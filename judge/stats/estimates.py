"""Evidence that an estimator's expectation is not what is stated, or that its mean squared error is too large.

Estimates x of d numbers θ lie in [low, high] and are scaled to [0, 1]. The null has three parts, each refuted by bets
on a bounded mean (``judge.stats.betting``): the expectation of x is at most θ + bias (*above*); it is at least
θ - bias (*below*); that of (x - θ)^2, which is at most M^2 with M = max(θ - low, high - θ), is at most rmse^2
(*error*). Under the null every part holds for every one of the d numbers, so each capital is a non-negative
supermartingale, and so is their average. A part that no estimate can refute, as θ + bias >= high, is left out.

A fourth part is optional: that two seeds give equal estimates has a probability of at most 1 - distinct. It is bet on
once for each disjoint pair of trials, after the second of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from judge.stats.arrays import Bools, Floats
from judge.stats.betting import AtMost, Evidence, Wager


@dataclass(frozen=True, kw_only=True, slots=True)
class EstimateNull:
    """What is stated of an estimator."""

    truth: Floats  # (d,), in the unit of the estimates, as all numbers here
    low: float  # the least possible estimate
    high: float  # the largest
    bias: float  # by which the expectation may differ from the truth
    rmse: float | None  # root of the largest mean squared error; None: not tested
    distinct: float | None = None  # least probability that two seeds give different estimates; None: not tested

    def evidence(self, alpha: float) -> Evidence:
        """Returns fresh evidence against the null; what it observes is made by ``views``."""
        members: list[Wager] = [
            AtMost(name, bounds[keep])
            for name, bounds, keep in zip(("above", "below", "error"), self._bounds(), self._kept(), strict=False)
            if keep.any()
        ]
        if self.distinct is not None:
            members.append(Distinct(self.distinct))
        return Evidence(members, alpha)

    def views(self, estimates: Floats) -> list[Floats]:
        """Returns (calls, d) estimates as each member of the evidence sees them."""
        scaled = (estimates - self.low) / (self.high - self.low)
        views = [scaled, 1.0 - scaled]
        if self.rmse is not None:
            views.append(((estimates - self.truth) / self._reach()) ** 2)
        kept = [np.clip(view[:, keep], 0.0, 1.0) for view, keep in zip(views, self._kept(), strict=True) if keep.any()]
        return kept if self.distinct is None else [*kept, estimates]

    def can_be_refuted(self) -> bool:
        """Whether some estimate speaks against a part of the null."""
        return any(keep.any() for keep in self._kept())

    def _bounds(self) -> list[Floats]:
        """Each part's bound on the expectation in [0, 1] of every number."""
        width = self.high - self.low
        above = (self.truth + self.bias - self.low) / width
        below = (self.high - self.truth + self.bias) / width
        error = [] if self.rmse is None else [(self.rmse / self._reach()) ** 2]
        return [above, below, *error]

    def _kept(self) -> list[Bools]:
        return [(bounds > 0) & (bounds < 1) for bounds in self._bounds()]

    def _reach(self) -> Floats:
        return np.maximum(self.truth - self.low, self.high - self.truth)


class Distinct:
    """Bets on equal estimates in disjoint pairs of trials."""

    name = "distinct"

    def __init__(self, distinct: float) -> None:
        self._equal = 1.0 - distinct  # largest probability of a pair of equal ones
        self._capital = AtMost(self.name, np.array([self._equal]))
        self._first: Floats | None = None  # of a pair that is not complete

    def advance(self, values: Floats) -> Floats:
        """As of a Wager; ``values`` is (calls, d). A number that equals the bound is a bet of nothing."""
        return self._capital.advance(np.array([[self._seen(row)] for row in values]))

    def _seen(self, row: Floats) -> float:
        if self._first is None:
            self._first = row
            return self._equal
        first, self._first = self._first, None
        return float(np.array_equal(first, row))
