"""Bets on the mean of bounded numbers, and the evidence that they add up to.

The null: given everything before it, a number x in [0, 1] has an expectation of at most m. A player with the capital K
bets the share λ, 0 <= λ < 1/m, and has K (1 + λ (x - m)) afterwards: not negative, because x >= 0, and under the null
not larger than K in expectation, because λ >= 0. Such a capital is a non-negative supermartingale, for every λ that is
fixed beforehand; so is an average of them, dependent as they may be; and by Ville's inequality (1939) the probability
that it ever reaches 1/α is at most α, whatever the law of x. This is the betting test for bounded means of
Waudby-Smith and Ramdas (2024, *Estimating means of bounded random variables by betting*, JRSS B 86, 1-27), with their
grid of bets: the average over λ = f/m for the f of ``FRACTIONS``, so that some λ is near the best one, which is about
(mean - m) / (variance + (mean - m)^2), whatever mean and variance are.

"The expectation is at least m" is the same null for 1 - x and 1 - m. Capitals are kept as natural logarithms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from judge.stats.arrays import Floats
from judge.stats.eprocess import log_mean_exp

FRACTIONS = np.array([0.99, *(2.0 ** -np.arange(1, 9))])


class Wager(Protocol):
    """The capital of one player; it has state."""

    @property
    def name(self) -> str:
        """What it bets on, in one word."""
        ...

    def advance(self, values: NDArray[Any]) -> Floats:
        """Returns the logarithm of the capital after each call; ``values`` has one row for each."""
        ...


class AtMost:
    """Bets against "each of d numbers has an expectation of at most its own m", averaged over the d."""

    def __init__(self, name: str, means: Floats) -> None:
        """``means`` has shape (d,), all above 0 and below 1."""
        self.name = name
        self._means = means
        self._rates = (FRACTIONS[:, None] / means)[:, None, :]
        self._logs = np.zeros((len(FRACTIONS), 1, len(means)))

    def advance(self, values: Floats) -> Floats:
        """As of a Wager; ``values`` is (calls, d), in [0, 1]."""
        path = self._logs + np.cumsum(np.log1p(self._rates * (values - self._means)), axis=1)
        self._logs = path[:, -1:]
        return log_mean_exp(path, axis=(0, 2))


class Evidence:
    """The average of wagers, which are given the same calls, and the first call after which it reached 1/alpha."""

    def __init__(self, members: Sequence[Wager], alpha: float) -> None:
        self._members = members
        self._logs = np.zeros(len(members))
        self._path: list[float] = []
        self.alpha = alpha
        self.log_limit = float(-np.log(alpha))
        self.rejected_at: int | None = None  # calls until the limit was reached

    def observe(self, *values: NDArray[Any]) -> None:
        """Takes the next calls into account: one array for each member, with one row for each call."""
        paths = np.stack([member.advance(part) for member, part in zip(self._members, values, strict=True)])
        average = log_mean_exp(paths, axis=0)
        if self.rejected_at is None and (over := np.flatnonzero(average >= self.log_limit)).size:
            self.rejected_at = self.calls + int(over[0]) + 1
        self._logs = paths[:, -1]
        self._path.extend(average.tolist())

    @property
    def calls(self) -> int:
        """The number of calls seen."""
        return len(self._path)

    @property
    def path(self) -> list[float]:
        """ln E after each call."""
        return self._path

    @property
    def peak(self) -> float:
        """The largest ln E so far, at least 0."""
        return max(0.0, max(self._path, default=0.0))

    @property
    def members(self) -> dict[str, float]:
        """The logarithm of each member's capital after the last call, by name."""
        return {member.name: float(log) for member, log in zip(self._members, self._logs, strict=True)}
