"""Why an e-process rejected: which kind of defect the answers show. It explains a rejection and never makes one.

Two tests keep the kinds apart. Permuting the calls of every row on its own destroys dependence and leaves each
row's distribution as it is, right or wrong; so rows that are more correlated than in such permutations, or whole
answers that come again more often, mean dependence whatever the distribution. In the other direction the capitals
that are kept for single rows stay martingales when rows depend on one another, so a large one means a wrong
distribution whatever the dependence.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from judge.stats.arrays import Floats, Ints
from judge.stats.law import Block, RowLaw
from judge.stats.marginal import Tilt
from judge.stats.streams import Stream

PERMUTATIONS = 39
MOST_CALLS = 256  # that the permutations use
SIGMAS = 6.0
MODAL = float(np.log(0.05))  # of the most probable answer: drawn by chance with at most that probability
CLEAR = float(np.log(1000.0))  # of a capital: a probability of at most 1/1000 under the law


class Cause(enum.StrEnum):
    """The kinds of defect."""

    DISTRIBUTION = "distribution"  # single answers have other probabilities
    SAME_ANSWER = "same_answer"  # all seeds give one answer
    FEW_ANSWERS = "few_answers"  # different seeds give the same answers too often
    ROWS = "rows"  # the rows of one call are dependent
    SUCCESSIVE_SEEDS = "successive_seeds"  # the answers to consecutive seeds are dependent


_BY_MEMBER = {
    "repeats": Cause.FEW_ANSWERS,
    "neighbours": Cause.ROWS,
    "neighbour_grid": Cause.ROWS,
    "partners": Cause.ROWS,
    "lags": Cause.SUCCESSIVE_SEEDS,
    "lag_grid": Cause.SUCCESSIVE_SEEDS,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One row and index: how often it was drawn. Cells are compared by Poisson deviance."""

    row: int  # of the whole law
    index: int
    observed: int
    expected: float


def attribute(law: RowLaw, block: Block, members: Mapping[str, float], stream: Stream) -> Cause:
    """Returns the cause that ``block`` (all answers) shows; ``members`` are logarithms of capitals at the rejection."""
    if len(block) > 1 and (block.answers == block.answers[0]).all():
        return Cause.DISTRIBUTION if _single_answer_is_unlikely(law, block) else Cause.SAME_ANSWER
    if rows_are_dependent(block, stream):
        return Cause.ROWS
    if _answers_recur(block.answers[:MOST_CALLS], stream):
        return Cause.FEW_ANSWERS
    if max(members["row_tilt"], members["row_predictor"]) >= CLEAR:
        return Cause.DISTRIBUTION
    return _BY_MEMBER.get(max(members, key=lambda name: members[name]), Cause.DISTRIBUTION)


def _single_answer_is_unlikely(law: RowLaw, block: Block) -> bool:
    """Whether one answer alone speaks against the law: the most probable index of every row, or a clear tilt."""
    first = law.block(block.answers[:1], np.full((1, len(law.free)), 0.5))
    modal = bool((first.log_p >= law.log_p.max(axis=1)).all())
    return (modal and float(first.log_p.sum()) <= MODAL) or float(Tilt(law).advance(first)[0]) >= CLEAR


def rows_are_dependent(block: Block, stream: Stream) -> bool:
    """Whether the rows of different answers are correlated: equal answers to different seeds are another defect."""
    _, first = np.unique(block.answers[:MOST_CALLS], axis=0, return_index=True)
    if len(first) < 4 or block.answers.shape[1] < 2:
        return False
    different = np.sort(first)
    return any(_columns_are_correlated(pits[different], stream) for pits in (block.index_pit, block.rank_pit))


def _columns_are_correlated(pits: Floats, stream: Stream) -> bool:
    observed = _correlation(pits)
    orders = (stream.column_orders(*pits.shape) for _ in range(PERMUTATIONS))
    permuted = np.array([_correlation(np.take_along_axis(pits, order, axis=0)) for order in orders])
    return bool(observed > max(permuted.max(), permuted.mean() + SIGMAS * permuted.std()))


def _correlation(pits: Floats) -> float:
    """Returns the sum of squared correlations over all pairs of rows; ``pits`` is (calls, rows)."""
    scores = pits - pits.mean(axis=0)
    scores /= np.sqrt((scores**2).sum(axis=0)) + 1e-12
    products = scores.T @ scores
    return float((products**2).sum() - (np.diag(products) ** 2).sum())


def _answers_recur(answers: Ints, stream: Stream) -> bool:
    orders = (stream.column_orders(*answers.shape) for _ in range(PERMUTATIONS))
    permuted = [_equal_pairs(np.take_along_axis(answers, order, axis=0)) for order in orders]
    return _equal_pairs(answers) > 2 * max(permuted) + 2


def _equal_pairs(answers: Ints) -> int:
    _, counts = np.unique(answers, axis=0, return_counts=True)
    return int((counts * (counts - 1) // 2).sum())


def worst_cells(law: RowLaw, answers: Ints, most: int) -> list[Cell]:
    """Returns the ``most`` possible cells of the (free row, index) table furthest from the law, the furthest first."""
    drawn = np.bincount((answers + law.cells).ravel(), minlength=law.p.size).astype(np.float64)
    expected = law.p.ravel() * len(answers)
    ratio = np.divide(drawn, expected, out=np.ones_like(drawn), where=drawn > 0)
    deviance = np.where(expected > 0, drawn * np.log(ratio) - drawn + expected, -1.0)
    order = np.argsort(-deviance, kind="stable")[: min(most, int((expected > 0).sum()))]
    return [
        Cell(
            row=int(law.free[at // law.columns]),
            index=int(at % law.columns),
            observed=int(drawn[at]),
            expected=float(expected[at]),
        )
        for at in order
    ]


def most_correlated_rows(law: RowLaw, block: Block) -> tuple[int, int, float]:
    """Returns the two rows whose PITs are most correlated over the calls of ``block``, and that correlation."""
    products = np.stack([np.tril(np.corrcoef(pits.T), k=-1) for pits in (block.index_pit, block.rank_pit)])
    kind, later, earlier = np.unravel_index(np.argmax(np.abs(products)), products.shape)
    return int(law.free[earlier]), int(law.free[later]), float(products[kind, later, earlier])


def fitted_power(law: RowLaw, block: Block) -> float:
    """Returns the θ in [0, 16], within 0.01, under whose p^θ the answers are most likely: 1 is the law, 0 uniform."""
    drawn = float(block.log_p.mean(axis=0).sum())
    low, high = 0.0, 16.0
    while high - low > 0.01:
        power = (low + high) / 2
        around = law.log_sums(np.array([power - 1e-4, power + 1e-4])).sum(axis=1)
        slope = drawn - float(around[1] - around[0]) / 2e-4
        low, high = (power, high) if slope > 0 else (low, power)
    return (low + high) / 2


def expected_distinct(law: RowLaw, calls: int) -> float:
    """Returns about how many different answers ``calls`` calls give under the law (it counts equal pairs)."""
    log_equal = float(np.log((law.p**2).sum(axis=1)).sum())
    return max(1.0, calls - calls * (calls - 1) / 2 * float(np.exp(log_equal)))
