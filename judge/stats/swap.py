"""Evidence that two samplers draw from different laws, without knowing either: bets on which answer is whose.

A pair is one answer x of the first sampler and one y of the second, each a vector of n cells (indices below m). The
null: given the past, (x, y) has the law of (y, x); it holds when both are drawn independently from one law, whatever it
is. Given the unordered pair, the two orders then have probability 1/2 each. The player bets at these odds by a score s
that depends on earlier pairs only: with L = s(x) - s(y), its capital is multiplied by 2 σ(L) = 2 / (1 + exp(-L)). The
two orders give 2 σ(L) and 2 σ(-L), whose mean is 1; so the capital is a non-negative martingale under the null,
exactly, for any score, any m and any dependence between the n cells of one answer. (A sequential two-sample test by
betting: Shekhar and Ramdas 2023, *Nonparametric two-sample testing by betting*, IEEE Trans. Inf. Theory 70; only the
symmetry of the pair is used.)

The scores are s(a) = ln p(a) - ln q(a), where p and q are the two samplers' laws as estimated from counts so far, each
count enlarged by k > 0 (Krichevsky and Trofimov 1981 with k = 1/2; a larger k trusts few counts less). Then σ(L) is
the probability of this order when the estimates are right: the best bet. Capitals are averaged over k and over three
ways of counting: every position has its own law, all positions of an answer at once (*rows*); the same, with a capital
for each position (*row*: one that differs among many); one law for all positions (*pooled*).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from judge.stats.arrays import Floats, Ints
from judge.stats.eprocess import log_mean_exp

ROWS = np.array([0.5, 4.0, 32.0, 256.0])  # the k of each way of counting
ROW = np.array([0.5, 8.0])
POOLED = np.array([0.5, 8.0, 64.0])
BLOCK = 1_000_000  # counts that are held at one time
NO_PAIR = -1  # a cell of a pair that is not bet on


class Swap:
    """The capital of one player of pairs; it has state."""

    def __init__(self, name: str, rows: int, cells: int) -> None:
        """Answers have ``rows`` positions, each in one of ``cells`` cells."""
        self.name = name
        self._counts = np.zeros((2, rows, cells))
        self._rows = np.zeros((len(ROWS), 1))
        self._row = np.zeros((len(ROW), 1, rows))
        self._pooled = np.zeros((len(POOLED), 1))
        self._log = 0.0

    def advance(self, values: NDArray[Any]) -> Floats:
        """As of a Wager; ``values`` is (pairs, 2, rows), the first sampler's cells and the second's.

        A pair of NO_PAIR leaves the capital as it is.
        """
        bet = values[:, 0, 0] != NO_PAIR
        pairs = values[bet]
        block = max(1, BLOCK // self._counts.size)
        logs = [self._after(pairs[begin : begin + block]) for begin in range(0, len(pairs), block)]
        path = np.concatenate([[self._log], *logs])
        self._log = path[-1]
        return np.asarray(path[np.cumsum(bet)])

    def _after(self, pairs: Ints) -> Floats:
        """Returns the logarithm of the capital after each of ``pairs``, all of them bet on."""
        cells = np.moveaxis(pairs, 1, 2)[:, None]  # (pairs, 1, rows, 2): of x and of y
        drawn = np.zeros((len(pairs), *self._counts.shape))
        np.put_along_axis(drawn, pairs[..., None], 1.0, axis=3)
        counts = self._counts + np.cumsum(drawn, axis=0)
        self._counts = counts[-1]
        counts = counts - drawn  # before each pair
        found = np.take_along_axis(counts, cells, axis=3)
        pooled = np.take_along_axis(counts.sum(axis=2)[:, :, None], cells, axis=3)
        self._rows, rows = _after(self._rows, _scores(found, ROWS).sum(axis=2))
        self._row, row = _after(self._row, _scores(found, ROW))
        self._pooled, pool = _after(self._pooled, _scores(pooled, POOLED).sum(axis=2))
        ways = (log_mean_exp(rows, axis=0), log_mean_exp(row, axis=(0, 2)), log_mean_exp(pool, axis=0))
        return log_mean_exp(np.stack(ways), axis=0)


def _scores(counts: Floats, added: Floats) -> Floats:
    """Returns s(x) - s(y) for each k of ``added``, pair and position; ``counts`` is (pairs, 2, rows, 2)."""
    logs = np.log(counts + added[:, None, None, None, None])
    sides = logs[..., 0] - logs[..., 1]
    return np.asarray(sides[:, :, 0] - sides[:, :, 1])


def _after(logs: Floats, scores: Floats) -> tuple[Floats, Floats]:
    """Returns the capitals' logarithms after the last pair, and after each; a bet is ln 2 σ(score)."""
    path = logs + np.cumsum(np.log(2.0) - np.logaddexp(0.0, -scores), axis=1)
    return path[:, -1:], path
