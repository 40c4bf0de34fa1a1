"""A law of independent rows: row i of an (n, m) matrix is the distribution of the i-th answer over m indices.

A call gives one index for each row. The tests see it through its randomised probability integral transform ``U =
F(a-) + V p(a)``, where F(a-) is the probability of everything before ``a`` and V is uniform and secret: U is
uniform on [0, 1) exactly when ``a`` follows the law, for discrete laws too. "Before" is by index or by falling
probability (rank). Rows with a single possible answer carry no evidence; the tests see the others only, which are
called free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np

from judge.stats.arrays import Floats, Ints

SUM_TOLERANCE = 1e-9
EQUAL = 1e-9  # absolute: probabilities that are closer are the same


class PitColumns(Protocol):
    """What the tests of PITs alone know of a law: how many PITs each call gives."""

    @property
    def free(self) -> Ints:
        """The numbers of the PITs' columns."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Answers of consecutive calls as the tests see them; every array is (calls, free rows)."""

    answers: Ints
    log_p: Floats  # natural logarithm of each answer's probability
    index_pit: Floats  # U by index
    rank_pit: Floats  # U by falling probability

    def __len__(self) -> int:
        """The number of calls."""
        return len(self.answers)

    @classmethod
    def joined(cls, blocks: Sequence[Block]) -> Block:
        """Returns one block of the calls of ``blocks``, at least one."""
        parts = {field.name: [getattr(block, field.name) for block in blocks] for field in fields(cls)}
        return cls(**{name: np.concatenate(part) for name, part in parts.items()})


@dataclass(frozen=True, kw_only=True, slots=True)
class RowLaw:
    """A validated law. The arrays after ``free`` have one row for each free row."""

    rows: int
    columns: int
    whole: Floats  # (n, m)
    possible: bytes  # n · m of 1 or 0: which answers of which row have positive probability, row by row
    starts: range  # where each row begins in it
    cells: Ints  # (f,) where each free row begins in the arrays of free rows, laid out row by row
    free: Ints  # (f,) the rows with at least two possible answers
    p: Floats  # (f, m)
    log_p: Floats  # (f, m), -inf where p is zero
    index_start: Floats  # (f, m) probability of the smaller indices
    rank_start: Floats  # (f, m) probability of the more probable indices (on ties, of the smaller ones)
    sizes: Ints  # (f,) the number of possible answers

    @classmethod
    def of(cls, matrix: Floats) -> RowLaw:
        """Returns the law that ``matrix`` states. Raises ValueError naming the row, the expected and the found."""
        whole = checked_law(matrix)
        free = np.flatnonzero((whole > 0).sum(axis=1) >= 2)
        if len(free) == 0:
            raise ValueError("law: expected a row with at least two indices of positive probability, found none")
        p = whole[free]
        with np.errstate(divide="ignore"):
            log_p = np.log(p)
        order = np.argsort(-p, axis=1, kind="stable")
        ranked = np.take_along_axis(p, order, axis=1)
        rank_start = np.empty_like(p)
        np.put_along_axis(rank_start, order, np.cumsum(ranked, axis=1) - ranked, axis=1)
        return cls(
            rows=whole.shape[0],
            columns=whole.shape[1],
            whole=whole,
            possible=(whole > 0).tobytes(),
            starts=range(0, whole.size, whole.shape[1]),
            cells=np.arange(len(free)) * whole.shape[1],
            free=free,
            p=p,
            log_p=log_p,
            index_start=np.cumsum(p, axis=1) - p,
            rank_start=rank_start,
            sizes=(p > 0).sum(axis=1),
        )

    def block(self, answers: Ints, randomisers: Floats) -> Block:
        """Returns the tests' view of ``answers``; both arrays are (calls, free rows), all answers possible ones."""
        at = answers + self.cells
        p = self.p.take(at)
        return Block(
            answers=answers,
            log_p=self.log_p.take(at),
            index_pit=self.index_start.take(at) + randomisers * p,
            rank_pit=self.rank_start.take(at) + randomisers * p,
        )

    def differs(self, matrix: Floats) -> bool:
        """Whether ``matrix``, a law of the same shape, gives some answer of some row another probability."""
        return bool((np.abs(matrix - self.whole) > EQUAL).any())

    def log_sums(self, powers: Floats) -> Floats:
        """Returns ln Σ_j p_ij^θ over the possible j, for each θ of ``powers`` and each free row i."""
        log_p = np.where(self.p > 0, self.log_p, 0.0)
        peak = self.log_p.max(axis=1)
        sums = [(np.exp(power * (log_p - peak[:, None])) * (self.p > 0)).sum(axis=1) for power in powers]
        return np.log(np.array(sums)) + powers[:, None] * peak


def checked_law(matrix: Floats, what: str = "law") -> Floats:
    """Returns the rows of ``matrix`` normalised exactly. Raises ValueError naming ``what`` unless they are laws."""
    if matrix.ndim != 2 or 0 in matrix.shape:
        raise ValueError(f"{what}: expected an array of shape (n, m), neither of them 0, found shape {matrix.shape}")
    wrong = ~(np.isfinite(matrix) & (matrix >= 0))
    if wrong.any():
        row, index = (int(step) for step in np.argwhere(wrong)[0])
        found = matrix[row, index]
        raise ValueError(f"{what}[{row}][{index}]: expected a finite number that is not negative, found {found}")
    sums = matrix.sum(axis=1)
    off = np.abs(sums - 1.0) > SUM_TOLERANCE
    if off.any():
        row = int(off.argmax())
        raise ValueError(f"{what}[{row}]: expected a sum of 1 within {SUM_TOLERANCE}, found {float(sums[row])!r}")
    return np.asarray(matrix / sums[:, None], dtype=np.float64)
