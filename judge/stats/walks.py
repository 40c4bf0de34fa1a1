"""The law of a walk: given the node it is at, the next node, or its end, has a known distribution.

Row i of an (n, n) matrix holds the probabilities of the next node; what is missing to 1 is the probability that the
walk ends at i. Given all steps before it the randomised PIT of a step (the end is the last of the categories) is
uniform, so the PITs of all steps and calls are independent. A walk that has ended gives no more steps; it is filled up
to a fixed number of steps with fresh uniform numbers, which leaves the PITs of a call independent and uniform, since
whether a step is made depends on earlier ones only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from judge.stats.arrays import Floats, Ints
from judge.stats.law import EQUAL, SUM_TOLERANCE, Block

OVER = -1  # in a block's answers: the walk has ended before this step


@dataclass(frozen=True, kw_only=True, slots=True)
class Steps:
    """The steps that the walks of a block make, flattened in order; every array is (steps,)."""

    call: Ints  # in the block
    at: Ints  # the node it begins at
    to: Ints  # the next node; n for the end
    before: Ints  # the node before ``at``; -1 at a walk's first step


@dataclass(frozen=True, kw_only=True, slots=True)
class WalkLaw:
    """A validated law; the last of the n + 1 columns is the end."""

    p: Floats  # (n, n + 1)
    start: int
    index_start: Floats  # (n, n + 1) probability of the smaller categories
    rank_start: Floats  # (n, n + 1) probability of the more probable ones

    @property
    def nodes(self) -> int:
        """The number of nodes, n: the category of the end."""
        return len(self.p)

    @classmethod
    def of(cls, matrix: Floats, start: int) -> WalkLaw:
        """Returns the law of walks from ``start``. Raises ValueError naming the row, the expected and the found."""
        _check(matrix, start)
        sums = matrix.sum(axis=1)
        end = np.where(np.abs(sums - 1.0) <= SUM_TOLERANCE, 0.0, 1.0 - sums)
        p = np.concatenate([matrix, end[:, None]], axis=1)
        p /= p.sum(axis=1, keepdims=True)
        order = np.argsort(-p, axis=1, kind="stable")
        ranked = np.take_along_axis(p, order, axis=1)
        rank_start = np.empty_like(p)
        np.put_along_axis(rank_start, order, np.cumsum(ranked, axis=1) - ranked, axis=1)
        return cls(p=p, start=start, index_start=np.cumsum(p, axis=1) - p, rank_start=rank_start)

    def differs(self, other: WalkLaw) -> bool:
        """Whether another law of as many nodes has another probability somewhere."""
        return bool((np.abs(self.p - other.p) > EQUAL).any())

    def alive(self, most: int) -> Floats:
        """Returns the probabilities that a walk makes more than 0, 1, ..., ``most`` - 1 steps to a node."""
        at = np.zeros(self.nodes)
        at[self.start] = 1.0
        shares = []
        for _ in range(most):
            at = at @ self.p[:, :-1]
            shares.append(float(at.sum()))
        return np.array(shares)

    def block(self, answers: Ints, randomisers: Floats) -> Block:
        """Returns the tests' view of ``answers``, (calls, K) next nodes, n for the end, then OVER."""
        at = np.concatenate([np.full((len(answers), 1), self.start), answers[:, :-1]], axis=1)
        made = answers != OVER
        cell = (np.where(made, at, 0), np.where(made, answers, 0))
        p = self.p[cell]
        return Block(
            answers=answers,
            log_p=np.where(made, np.log(np.where(made, p, 1.0)), 0.0),
            index_pit=np.where(made, self.index_start[cell] + randomisers * p, randomisers),
            rank_pit=np.where(made, self.rank_start[cell] + randomisers * p, randomisers),
        )

    def steps(self, answers: Ints) -> Steps:
        """Returns the steps of a block's ``answers``."""
        starts = np.full((len(answers), 1), self.start)
        at = np.concatenate([starts, answers[:, :-1]], axis=1)
        before = np.concatenate([np.full((len(answers), 1), -1), at[:, :-1]], axis=1)
        call, place = np.nonzero(answers != OVER)
        return Steps(call=call, at=at[call, place], to=answers[call, place], before=before[call, place])


def _check(matrix: Floats, start: int) -> None:
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or len(matrix) == 0:
        raise ValueError(f"law: expected an array of shape (n, n) with n above 0, found shape {matrix.shape}")
    right = np.isfinite(matrix) & (matrix >= 0)
    if not right.all():
        row, column = np.unravel_index(int(np.argmin(right)), matrix.shape)
        found = matrix[row, column]
        raise ValueError(f"law[{row}][{column}]: expected a finite number that is not negative, found {found}")
    if (matrix.sum(axis=1) > 1.0 + SUM_TOLERANCE).any():
        worst = int(np.argmax(matrix.sum(axis=1)))
        raise ValueError(f"law[{worst}]: expected a sum of at most 1, found {float(matrix[worst].sum())!r}")
    if not 0 <= start < len(matrix):
        raise ValueError(f"start: expected a node from 0 to {len(matrix) - 1}, found {start}")
