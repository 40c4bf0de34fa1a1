"""Bets on dependence: between the rows of one call, between calls, and on answers that come again.

Under the law the PITs U of all rows and calls are independent and uniform. So, given any of the others, the factor
``1 + λ·12(U - ½)(V - ½)`` has mean 1, and is positive for |λ| ≤ 0.3 (it lies between 1 - 3|λ| and 1 + 3|λ|); and
the quarter that V lies in, given the one that U lies in, can be predicted no better than by 1/4. Rows are taken in
their order: each one is bet on given an earlier one.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from judge.stats.arrays import Bools, Floats, Ints
from judge.stats.eprocess import log_mean_exp, log_rising
from judge.stats.law import Block, PitColumns
from judge.stats.marginal import is_milestone, pieces_between

SLOPES = np.array([-0.3, -0.2, -0.1, 0.1, 0.2, 0.3])
CELLS = 4
GATE = 3.5  # standard deviations that a correlation must show before it is bet on


class Neighbours:
    """Slopes on the PIT by index of the rows (i, i+1), pooled over i, averaged over SLOPES: one draw for every row."""

    name: ClassVar[str] = "neighbours"

    def __init__(self) -> None:
        self._logs = np.zeros(len(SLOPES))

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        scores = centred(block.index_pit)
        path = self._logs[:, None] + np.cumsum(_log_bets(scores[:, 1:] * scores[:, :-1]), axis=1)
        self._logs = path[:, -1]
        return log_mean_exp(path, axis=0)


class NeighbourGrid:
    """The quarter of a row's PIT predicted from that of the row before by a learned 4 × 4 table, pooled over rows."""

    name: ClassVar[str] = "neighbour_grid"

    def __init__(self, law: PitColumns, calls: int) -> None:
        self._grid = Grid(calls * len(law.free))

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        quarters = quarter(block.index_pit)
        return self._grid.advance(quarters[:, :-1], quarters[:, 1:])


class Partners:
    """A slope on each row given the earlier row that it was most correlated with: rows that share a draw, anywhere.

    Partner and slope (the correlation, at most 0.3) are learned from all earlier calls at calls 2, 3, 4, 6, 8, 12,
    ...; a correlation below 3.5 standard deviations is not bet on.
    """

    name: ClassVar[str] = "partners"

    def __init__(self, law: PitColumns) -> None:
        self._later = np.empty(0, dtype=np.int64)
        self._partners = np.empty(0, dtype=np.int64)
        self._slopes = np.empty(0)
        self._products = np.zeros((len(law.free), len(law.free)))
        self._log = 0.0
        self._seen = 0

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        scores = centred(block.index_pit)
        path = []
        for begin, end in pieces_between(self._seen, len(block)):
            part = scores[begin:end]
            steps = np.log(1.0 + self._slopes * part[:, self._later] * part[:, self._partners]).sum(axis=1)
            path.append(self._log + np.cumsum(steps))
            self._log = float(path[-1][-1])
            self._products += part.T @ part
            self._seen += end - begin
            if is_milestone(self._seen):
                self._learn()
        return np.concatenate(path)

    def _learn(self) -> None:
        if len(self._products) < 2:
            return
        below = np.tril(np.abs(self._products), k=-1)
        best = below.argmax(axis=1)
        self._later = np.flatnonzero(below.max(axis=1) > GATE * np.sqrt(self._seen))
        self._partners = best[self._later]
        self._slopes = np.clip(self._products[self._later, self._partners] / self._seen, -0.3, 0.3)


class Repeats:
    """Pólya's urn around the law: a whole answer is bet to come again with probability count / (1 + k) after k calls.

    q(a) = (p(a) + count(a)) / (1 + k) (Blackwell and MacQueen 1973): an ignored seed, few distinct seeds.
    """

    name: ClassVar[str] = "repeats"

    def __init__(self) -> None:
        self._counts: dict[bytes, int] = {}
        self._log = 0.0
        self._seen = 0

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        with np.errstate(divide="ignore"):
            log_counts = np.log([self._add(answer.tobytes()) for answer in block.answers])
        seen = 1.0 + self._seen + np.arange(len(block))
        steps = np.logaddexp(0.0, log_counts - block.log_p.sum(axis=1)) - np.log(seen)
        path = self._log + np.cumsum(steps)
        self._log = float(path[-1])
        self._seen += len(block)
        return path

    def _add(self, answer: bytes) -> int:
        count = self._counts.get(answer, 0)
        self._counts[answer] = count + 1
        return count


class Lags:
    """Slopes on each row's PITs in successive calls of a run of seeds, pooled over rows, averaged over SLOPES."""

    name: ClassVar[str] = "lags"

    def __init__(self, law: PitColumns, run: int) -> None:
        self._runs = Runs(len(law.free), run)
        self._logs = np.zeros(len(SLOPES))

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        before, follows = self._runs.before(block.index_pit)
        steps = _log_bets(centred(before) * centred(block.index_pit)) * follows
        path = self._logs[:, None] + np.cumsum(steps, axis=1)
        self._logs = path[:, -1]
        return log_mean_exp(path, axis=0)


class LagGrid:
    """The quarter of each row's PIT predicted from that of the call before in its run by a learned 4 × 4 table."""

    name: ClassVar[str] = "lag_grid"

    def __init__(self, law: PitColumns, calls: int, run: int) -> None:
        self._runs = Runs(len(law.free), run)
        self._grid = Grid(calls * len(law.free))

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        before, follows = self._runs.before(block.index_pit)
        return self._grid.advance(quarter(before), quarter(block.index_pit), follows)


class Runs:
    """Which call precedes which, when calls come in runs of a fixed length."""

    def __init__(self, rows: int, run: int) -> None:
        self._last = np.full((1, rows), 0.5)
        self._run = run
        self._seen = 0

    def before(self, pits: Floats) -> tuple[Floats, Bools]:
        """Returns the PITs of each call's predecessor, and which calls have one in their run."""
        before = np.concatenate([self._last, pits[:-1]])
        follows = (self._seen + np.arange(len(pits))) % self._run != 0
        self._last = pits[-1:]
        self._seen += len(pits)
        return before, follows


class Grid:
    """The capital of a learned table: the second quarter given the first, (count + 1/2) / (total + 2) against 1/4."""

    def __init__(self, limit: int) -> None:
        self._counts = np.zeros(CELLS * CELLS, dtype=np.int64)
        self._log_counts = log_rising(0.5, limit)
        self._log_totals = log_rising(CELLS / 2, limit)

    def advance(
        self,
        first: Ints,
        second: Ints,
        counted: Bools | bool = True,
    ) -> Floats:
        """Returns the logarithm of the capital after each call; the quarters are (calls, pairs)."""
        cells = CELLS * CELLS
        codes = first * CELLS + second + cells * np.arange(len(first))[:, None]
        tally = np.bincount(codes.ravel(), minlength=cells * len(first)).reshape(-1, cells)
        counts = self._counts + np.cumsum(tally * np.reshape(counted, (-1, 1)), axis=0)
        self._counts = counts[-1]
        totals = counts.reshape(-1, CELLS, CELLS).sum(axis=2)
        logs = self._log_counts[counts].sum(axis=1) - self._log_totals[totals].sum(axis=1)
        return np.asarray(logs + totals.sum(axis=1) * np.log(CELLS))


def centred(pits: Floats) -> Floats:
    """Returns PITs scaled to mean 0 and variance 1 under the law: within ±√3."""
    return np.asarray(np.sqrt(12.0) * (pits - 0.5))


def quarter(pits: Floats) -> Ints:
    """Returns which quarter of [0, 1) each PIT lies in: 0 to 3."""
    return np.minimum((pits * CELLS).astype(np.int64), CELLS - 1)


def _log_bets(products: Floats) -> Floats:
    """Returns Σ ln(1 + λ product) over the last axis, for each λ of SLOPES: (slopes, calls)."""
    return np.asarray(np.log(1.0 + SLOPES[:, None, None] * products).sum(axis=2))
