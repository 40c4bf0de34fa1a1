"""Bets on a law that the author declares wrong: the fastest there are against exactly that law.

For a wrong law q of the rows, restricted to the answers that the law p admits and normalised again (any other answer
ends a series by itself), the capital is multiplied by λ q(a)/p(a) + (1 - λ) in every row. It has mean 1 under p. λ = 1
is the likelihood ratio, which grows fastest when the draws follow q (Kelly 1956) and is lost for good at an answer of
q(a) = 0; λ = ½ keeps at least half of the capital in every row, whatever is drawn.
"""

from __future__ import annotations

import numpy as np

from judge.stats.arrays import Floats
from judge.stats.eprocess import log_mean_exp
from judge.stats.law import Block, RowLaw

SHARES = np.array([0.5, 1.0])
EQUAL = 1e-9  # absolute: probabilities that are closer are the same


class Declared:
    """Bets ½q + ½p and q against p in every row, pooled over rows, averaged over the two."""

    def __init__(self, name: str, law: RowLaw, other: Floats) -> None:
        """``other`` is (free rows, m), from ``on_support``."""
        self.name = f"declared:{name}"
        self._table = _log_bets(law, other)
        self._rows = np.arange(len(law.free)) * law.columns
        self._logs = np.zeros((len(SHARES), 1))

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        steps = self._table[:, block.answers + self._rows].sum(axis=2)
        path = self._logs + np.cumsum(steps, axis=1)
        self._logs = path[:, -1:]
        return log_mean_exp(path, axis=0)


def _log_bets(law: RowLaw, other: Floats) -> Floats:
    """Returns ln(λ q/p + 1 - λ) for each λ of SHARES and each cell, row by row; 0 where p is 0."""
    with np.errstate(divide="ignore"):
        ratio = np.log(other) - np.where(law.p > 0, law.log_p, 0.0)
        bets = np.logaddexp(ratio + np.log(SHARES)[:, None, None], np.log1p(-SHARES)[:, None, None])
    return np.where(law.p > 0, bets, 0.0).reshape(len(SHARES), -1)


def on_support(law: RowLaw, matrix: Floats) -> Floats:
    """Returns the free rows of ``matrix``, a whole law, restricted to the law's possible answers and normalised.

    A row with nothing left there is the law's own: every draw from it is impossible under the law.
    """
    kept = np.where(law.p > 0, matrix[law.free], 0.0)
    mass = kept.sum(axis=1, keepdims=True)
    return np.where(mass > 0, kept / np.where(mass > 0, mass, 1.0), law.p)


def differs(law: RowLaw, other: Floats) -> bool:
    """Whether a law on the support is another one than ``law``."""
    return bool((np.abs(other - law.p) > EQUAL).any())
