"""Bets on PITs alone: whatever the law is, its probability integral transforms are independent and uniform under it.

Every law that turns an answer into PITs (``judge.stats.law.Block``: a fixed number in each call) can be tested by these
and by those of ``judge.stats.dependence``. A learned histogram predicts the bin of the next PIT from earlier calls and
from earlier columns of the same call; a fixed table bets on the cell that a PIT lies in. Both multiply q(cell)/p(cell)
with p(cell) the length of the cell, so they are martingales as soon as the PITs are uniform given all earlier ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from judge.stats.arrays import Floats, Ints
from judge.stats.dependence import LagGrid, Lags, NeighbourGrid, Neighbours, Partners
from judge.stats.eprocess import Martingale, log_mean_exp, log_rising
from judge.stats.law import Block

CELL_BITS = 16  # PITs as cells of equal length: answers of continuous laws that can come again
BINS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class PitShape:
    """How many PITs a call gives; what the members of ``judge.stats.dependence`` ask of a law."""

    columns: int

    @property
    def free(self) -> Ints:
        """The numbers of the columns."""
        return np.arange(self.columns)


def cells_of(pits: Floats, count: int) -> Ints:
    """Returns which of ``count`` equal parts of [0, 1] each PIT lies in."""
    return np.minimum((pits * count).astype(np.int64), count - 1)


class PooledHistogram:
    """A histogram of all PITs, learned: the next bin with probability (count + ½)/(total + bins/2).

    The predictor is that of Krichevsky and Trofimov (1981); its capital depends on the counts only.
    """

    def __init__(self, name: str, shape: PitShape, calls: int, *, bins: int, by_rank: bool = False) -> None:
        self.name = name
        self._bins = bins
        self._by_rank = by_rank
        self._counts = np.zeros(bins, dtype=np.int64)
        self._log_counts = log_rising(0.5, calls * shape.columns)
        self._log_total = log_rising(bins / 2, calls * shape.columns)

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        cells = cells_of(block.rank_pit if self._by_rank else block.index_pit, self._bins)
        codes = (cells + self._bins * np.arange(len(block))[:, None]).ravel()
        tally = np.bincount(codes, minlength=self._bins * len(block)).reshape(-1, self._bins)
        counts = self._counts + tally.cumsum(axis=0)
        self._counts = counts[-1]
        total = counts.sum(axis=1)
        logs = self._log_counts[counts].sum(axis=1) - self._log_total[total]
        return np.asarray(logs + total * np.log(self._bins))


class ColumnHistograms:
    """The same with 8 bins and a capital for each column, averaged: one position of the answer that is wrong."""

    def __init__(self, name: str, shape: PitShape, calls: int, *, by_rank: bool = False) -> None:
        self.name = name
        self._by_rank = by_rank
        self._counts = np.zeros((shape.columns, BINS), dtype=np.int64)
        self._log_counts = log_rising(0.5, calls)
        self._log_total = log_rising(BINS / 2, calls)
        self._seen = 0

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        cells = cells_of(block.rank_pit if self._by_rank else block.index_pit, BINS)
        counts = self._counts + np.cumsum(cells[:, :, None] == np.arange(BINS), axis=0)
        self._counts = counts[-1]
        seen = self._seen + 1 + np.arange(len(block))
        self._seen += len(block)
        logs = self._log_counts[counts].sum(axis=2) - (self._log_total[seen] - seen * np.log(BINS))[:, None]
        return log_mean_exp(logs, axis=1)


class CellBets:
    """Fixed densities on the PIT, given as (densities, cells) masses of equal cells; averaged over the densities.

    Each factor is the product over the call's PITs of mass · cells (``CellTable``).
    """

    def __init__(self, name: str, masses: Floats) -> None:
        self.name = name
        self._tables = [CellTable(row) for row in masses]
        self._logs = np.zeros((len(masses), 1))

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        path = self._logs + np.cumsum([table(block) for table in self._tables], axis=1)
        self._logs = path[:, -1:]
        return log_mean_exp(path, axis=0)


class CellTable:
    """The logarithm of q/p in each call for one density on the PIT, as masses of equal cells.

    The number of cells is a power of two up to 2**CELL_BITS; the block's answers are the PITs' cells.
    """

    def __init__(self, masses: Floats) -> None:
        with np.errstate(divide="ignore"):
            self._logs = np.log(masses / masses.sum() * len(masses))
        self._shift = CELL_BITS - len(masses).bit_length() + 1

    def __call__(self, block: Block) -> Floats:
        """Returns an array of the block's length; -inf where the density is 0."""
        return np.asarray(self._logs[block.answers >> self._shift].sum(axis=1))


class HalfBet:
    """½ q + ½ p in every call for one declared wrong law q: at worst half of the capital is lost in a call."""

    def __init__(self, name: str, log_ratio: Callable[[Block], Floats]) -> None:
        self.name = name
        self._log_ratio = log_ratio
        self._log = 0.0

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        path = self._log + np.cumsum(np.logaddexp(0.0, self._log_ratio(block)) - np.log(2.0))
        self._log = float(path[-1])
        return np.asarray(path)


def dependence_members(shape: PitShape, calls: int, *, run: int) -> list[Martingale]:
    """Returns fresh bets on dependence within calls and, with a ``run`` above 1, between calls."""
    members: list[Martingale] = []
    if shape.columns > 1:
        members += [Neighbours(), NeighbourGrid(shape, calls), Partners(shape)]
    if run > 1:
        members += [Lags(shape, run), LagGrid(shape, calls, run)]
    return members
