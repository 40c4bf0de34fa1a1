"""Bets on laws that the author declares wrong: the fastest there are against exactly those laws.

For a wrong law q of the rows, restricted to the answers that the law p admits and normalised again (any other answer
ends a series by itself), the capital is multiplied by λ q(a)/p(a) + (1 - λ) in every row. It has mean 1 under p. λ = 1
is the likelihood ratio, which grows fastest when the draws follow q (Kelly 1956) and is lost for good at an answer of
q(a) = 0; λ = ½ keeps at least half of the capital in every row, whatever is drawn.

All laws are bet on at once: a table has for every (row, index) the logarithms of the factors of all laws side by side.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from judge.stats.arrays import Floats
from judge.stats.eprocess import log_mean_exp
from judge.stats.law import EQUAL, Block, RowLaw, checked_law

PREFIX = "declared:"  # of the members' names
SHARES = np.array([0.5, 1.0])


class DeclaredLaws:
    """A Family: for each law, bets of ½q + ½p and of q against p in every row, pooled over rows, averaged over both."""

    def __init__(self, law: RowLaw, laws: Mapping[str, Floats]) -> None:
        """``laws``, at least one, are those of ``declared_laws``."""
        self.names = tuple(f"{PREFIX}{name}" for name in laws)
        self._table = np.stack([_log_bets(law, other) for other in laws.values()], axis=1).reshape(law.p.size, -1)
        self._rows = law.cells
        self._logs = np.zeros(self._table.shape[1])

    def advance(self, block: Block) -> Floats:
        """As of a Family."""
        steps = self._table.take(block.answers + self._rows, axis=0).sum(axis=1)
        path = self._logs + np.cumsum(steps, axis=0)
        self._logs = path[-1]
        return log_mean_exp(path.reshape(len(block), -1, len(SHARES)), axis=2).T


def _log_bets(law: RowLaw, other: Floats) -> Floats:
    """Returns ln(λ q/p + 1 - λ), (cells row by row, one for each λ of SHARES); 0 where p is 0."""
    with np.errstate(divide="ignore"):
        ratio = np.log(other) - np.where(law.p > 0, law.log_p, 0.0)
        bets = np.logaddexp(ratio[:, :, None] + np.log(SHARES), np.log1p(-SHARES))
    return np.where(law.p[:, :, None] > 0, bets, 0.0).reshape(-1, len(SHARES))


def declared_laws(law: RowLaw, matrices: Mapping[str, Floats]) -> dict[str, Floats]:
    """Returns what can be bet on of the wrong laws ``matrices``: those that differ on the law's possible answers.

    Each is (free rows, m). They come in the order of their names, so that no sum depends on the order of declaration.
    Raises ValueError naming the one that is no law of the same shape.
    """
    laws = {name: _on_support(law, _same_shape(law, name, matrices[name])) for name in sorted(matrices)}
    return {name: other for name, other in laws.items() if (np.abs(other - law.p) > EQUAL).any()}


def _same_shape(law: RowLaw, name: str, matrix: Floats) -> Floats:
    what = f"alternative {name!r}"
    if matrix.shape != (law.rows, law.columns):
        raise ValueError(f"{what}: expected the law's shape {(law.rows, law.columns)}, found {matrix.shape}")
    return checked_law(matrix, what)


def _on_support(law: RowLaw, matrix: Floats) -> Floats:
    """Returns the free rows of a whole law, restricted to possible answers and normalised.

    A row with nothing left there is the law's own: every draw from it is impossible under the law.
    """
    kept = np.where(law.p > 0, matrix[law.free], 0.0)
    mass = kept.sum(axis=1, keepdims=True)
    return np.where(mass > 0, kept / np.where(mass > 0, mass, 1.0), law.p)
