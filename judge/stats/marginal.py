"""Bets on the distribution of single answers: the law's temperature, its shape, single rows, single columns.

All of them multiply likelihood ratios q(a)/p(a) with a q that sums to 1 over the row's possible indices and depends
on earlier calls only; pooled ones multiply over all rows of a call, the others keep a capital for each row and
average.
"""

from __future__ import annotations

import functools
from typing import ClassVar

import numpy as np

from judge.stats.arrays import Floats, Ints
from judge.stats.eprocess import log_mean_exp, log_rising
from judge.stats.law import Block, RowLaw

POWERS = np.array([0.0, 0.25, 0.5, 0.75, 0.9, 1.1, 4 / 3, 2.0, 4.0])
ROW_POWERS = np.array([0.0, 0.5, 2.0, 4.0])
SHRINKAGES = np.array([4.0, 32.0, 256.0])
BINS = 8


class Tilt:
    """q ∝ p^θ in every row, pooled over rows and averaged over θ in POWERS: wrong temperature, uniform, argmax."""

    name: ClassVar[str] = "tilt"

    def __init__(self, law: RowLaw) -> None:
        self._log_sums = law.log_sums(POWERS).sum(axis=1)
        self._logs = np.zeros(len(POWERS))

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        steps = np.outer(POWERS - 1.0, block.log_p.sum(axis=1)) - self._log_sums[:, None]
        path = self._logs[:, None] + np.cumsum(steps, axis=1)
        self._logs = path[:, -1]
        return log_mean_exp(path, axis=0)


class RowTilt:
    """The same with a capital for each row and each θ in ROW_POWERS, averaged: few rows at another temperature."""

    name: ClassVar[str] = "row_tilt"

    def __init__(self, law: RowLaw) -> None:
        self._log_sums = law.log_sums(ROW_POWERS)[:, None, :]
        self._logs = np.zeros((len(ROW_POWERS), 1, len(law.free)))

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        steps = (ROW_POWERS - 1.0)[:, None, None] * block.log_p - self._log_sums
        path = self._logs + np.cumsum(steps, axis=1)
        self._logs = path[:, -1:]
        return log_mean_exp(path, axis=(0, 2))


class PitHistogram:
    """q learned as a histogram of the PIT in 8 bins, pooled over rows: shifts, truncation, errors at an end.

    The predictor is that of Krichevsky and Trofimov (1981), (count + 1/2) / (total + bins/2), in closed form: the
    capital depends on the counts only.
    """

    name: ClassVar[str] = ""

    def __init__(self, law: RowLaw, calls: int) -> None:
        self._counts = np.zeros(BINS, dtype=np.int64)
        self._log_counts = log_rising(0.5, calls * len(law.free))
        self._log_total = log_rising(BINS / 2, calls * len(law.free))

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        bins = np.minimum((self._pit(block) * BINS).astype(np.int64), BINS - 1)
        codes = (bins + BINS * np.arange(len(block))[:, None]).ravel()
        counts = self._counts + np.bincount(codes, minlength=BINS * len(block)).reshape(-1, BINS).cumsum(axis=0)
        self._counts = counts[-1]
        total = counts.sum(axis=1)
        return np.asarray(self._log_counts[counts].sum(axis=1) - self._log_total[total] + total * np.log(BINS))

    def _pit(self, block: Block) -> Floats:
        raise NotImplementedError


class IndexHistogram(PitHistogram):
    """The histogram of the PIT by index."""

    name: ClassVar[str] = "index_histogram"

    def _pit(self, block: Block) -> Floats:
        return block.index_pit


class RankHistogram(PitHistogram):
    """The histogram of the PIT by falling probability."""

    name: ClassVar[str] = "rank_histogram"

    def _pit(self, block: Block) -> Floats:
        return block.rank_pit


class RowPredictor:
    """q learned for each row over its s possible indices, (count + 1/2) / (t + s/2), averaged over rows."""

    name: ClassVar[str] = "row_predictor"

    def __init__(self, law: RowLaw) -> None:
        self._counts = np.zeros(law.p.size, dtype=np.int64)
        self._rows = law.cells
        self._half_sizes = law.sizes / 2
        self._logs = np.zeros(len(law.free))
        self._seen = 0

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        before = self._count(block.answers + self._rows)
        totals = (self._seen + np.arange(len(block)))[:, None] + self._half_sizes
        path = self._logs + np.cumsum(np.log((before + 0.5) / totals) - block.log_p, axis=0)
        self._seen += len(block)
        self._logs = path[-1]
        return log_mean_exp(path, axis=1)

    def _count(self, cells: Ints) -> Ints:
        """Returns how often each of ``cells``, (calls, rows), was drawn in earlier calls, and counts it."""
        before = np.empty_like(cells)
        for call, row_cells in enumerate(cells):
            before[call] = self._counts.take(row_cells)
            self._counts[row_cells] = before[call] + 1
        return before


class Columns:
    """q ∝ p_ij w_j with a weight for each index learned from all rows, pooled: a softmax over the wrong axis.

    w_j = (drawn_j + k) / (expected_j + k), learned anew at calls 2, 3, 4, 6, 8, 12, 16, ...; averaged over the
    shrinkages k.
    """

    name: ClassVar[str] = "columns"

    def __init__(self, law: RowLaw) -> None:
        self._p = law.p
        self._expected = law.p.sum(axis=0)
        self._drawn = np.zeros(law.columns, dtype=np.int64)
        self._table = np.zeros((law.p.size, len(SHRINKAGES)))
        self._logs = np.zeros(len(SHRINKAGES))
        self._rows = law.cells
        self._seen = 0

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        pieces = []
        for begin, end in pieces_between(self._seen, len(block)):
            answers = block.answers[begin:end]
            steps = self._table.take(answers + self._rows, axis=0).sum(axis=1)
            pieces.append(self._logs + np.cumsum(steps, axis=0))
            self._logs = pieces[-1][-1]
            self._drawn += np.bincount(answers.ravel(), minlength=len(self._drawn))
            self._seen += end - begin
            if is_milestone(self._seen):
                self._learn()
        return log_mean_exp(np.concatenate(pieces), axis=1)

    def _learn(self) -> None:
        shrinkage = SHRINKAGES[:, None]
        weights = (self._drawn + shrinkage) / (self._seen * self._expected + shrinkage)
        sums = self._p @ weights.T
        self._table = (np.log(weights).T - np.log(sums)[:, None, :]).reshape(-1, len(SHRINKAGES))


@functools.lru_cache(maxsize=4096)
def is_milestone(calls: int) -> bool:
    """Whether ``calls`` is of the form 2^k or 3·2^k, and at least 2."""
    odd = calls // (calls & -calls) if calls else 0
    return calls >= 2 and odd in (1, 3)


@functools.lru_cache(maxsize=4096)
def pieces_between(seen: int, count: int) -> tuple[tuple[int, int], ...]:
    """Returns the parts [begin, end) of a block of ``count`` calls after ``seen`` calls, cut at milestones."""
    cuts = [offset for offset in range(1, count) if is_milestone(seen + offset)]
    return tuple(zip([0, *cuts], [*cuts, count], strict=True))
