"""An e-process with a closing test: after the last call, the largest distance of the PITs from the uniform law.

Half of α is the e-process's, half the closing test's. For N independent uniform numbers the largest distance D of
their empirical distribution function from the diagonal satisfies P(D ≥ ε) ≤ 2 exp(-2Nε²), for every N and ε
(Dvoretzky, Kiefer and Wolfowitz 1956, with the constant of Massart 1990). Written as one capital: E = ½ (average of
the martingales), and after call N a further ½ · 2/α if 2 exp(-2ND²) ≤ α/2, so that E reaches 1/α. The probability that
E ever does is at most α/2 (Ville, for the martingales at 2/α) + α/2 (Massart), whatever their dependence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from judge.stats.arrays import Floats
from judge.stats.eprocess import EProcess, Martingale, log_mean_exp
from judge.stats.law import Block


class ClosingEProcess(EProcess):
    """An EProcess for ``calls`` calls of ``columns`` PITs each, closed by the distance test."""

    def __init__(self, members: Sequence[Martingale], alpha: float, *, calls: int, columns: int) -> None:
        super().__init__(members, alpha)
        self._last = calls
        self._pits: list[Floats] = []
        self.distance_limit = massart(calls * columns, alpha / 2)

    def _capital(self, paths: Floats, block: Block) -> Floats:
        logs = log_mean_exp(paths, axis=0) - math.log(2.0)
        self._pits.append(block.index_pit.ravel())
        if self.calls + len(block) == self._last:
            distance, _ = farthest(np.concatenate(self._pits))
            if distance >= self.distance_limit:
                logs[-1] = np.logaddexp(logs[-1], self.log_limit)
        return logs


def massart(draws: int, alpha: float) -> float:
    """Returns ε with 2 exp(-2 · draws · ε²) = ``alpha``: the distance that a correct law reaches with at most that."""
    return math.sqrt(math.log(2.0 / alpha) / (2.0 * draws))


def farthest(pits: Floats) -> tuple[float, float]:
    """Returns the largest distance between the empirical distribution function of ``pits`` and u, and the u."""
    ordered = np.sort(pits)
    ranks = np.arange(len(ordered) + 1) / len(ordered)
    above, below = ranks[1:] - ordered, ordered - ranks[:-1]
    at = int(np.argmax(np.maximum(above, below)))
    return float(max(above[at], below[at])), float(ordered[at])
