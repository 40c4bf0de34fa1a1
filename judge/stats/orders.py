"""The law of drawing without replacement: each next item among those left, with probability in proportion to weight.

An answer is a sequence of k of n items. Given the items before it, the item at position t is j with probability
w_j/R_t, where R_t is the weight of all that are left; so its randomised PIT U_t (``judge.stats.law``) given the past is
uniform, and the U of all positions and calls are independent. Equal weights and k = n make a uniform shuffle. A second
set of PITs, by rank, is for equal weights the place of the item at position t among the first t + 1 drawn, which is
uniform on 0, ..., t and independent of the earlier ones; for other weights items are taken by falling weight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from judge.stats.arrays import Bools, Floats, Ints
from judge.stats.dependence import Repeats
from judge.stats.eprocess import log_mean_exp
from judge.stats.law import EQUAL, Block
from judge.stats.marginal import is_milestone, pieces_between

SHRINKAGES = np.array([2.0, 16.0, 128.0])
MOST_ELEMENTS = 2**21  # of a temporary array


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderLaw:
    """The law of sequences of ``count`` different items out of ``len(weights)``."""

    weights: Floats  # (n,), not negative; items of weight 0 are never drawn
    count: int  # k, at most the number of positive weights

    @property
    def equal(self) -> bool:
        """Whether all positive weights are the same."""
        return bool((self.weights[self.weights > 0] == self.weights.max()).all())

    def differs(self, other: OrderLaw) -> bool:
        """Whether another law of as many items gives one of them another share of the weight."""
        shares = self.weights / self.weights.sum() - other.weights / other.weights.sum()
        return bool((np.abs(shares) > EQUAL).any())

    def block(self, answers: Ints, randomisers: Floats) -> Block:
        """Returns the tests' view of ``answers``; both arrays are (calls, k), all answers possible ones."""
        parts = [self._block(answers[part], randomisers[part]) for part in self.chunks(len(answers))]
        return Block.joined(parts)

    def _block(self, answers: Ints, randomisers: Floats) -> Block:
        p = self.weights[answers] / self.left(answers)
        starts = self._before(answers, np.arange(len(self.weights))) / self.left(answers)
        places = np.arange(self.count) + 1.0
        if self.equal:
            ranked = (_smaller_before(answers) + randomisers) / places
        else:
            order = np.argsort(np.argsort(-self.weights, kind="stable"))
            ranked = self._before(answers, order) / self.left(answers) + randomisers * p
        return Block(answers=answers, log_p=np.log(p), index_pit=starts + randomisers * p, rank_pit=ranked)

    def chunks(self, calls: int) -> Iterator[slice]:
        """Yields slices of so many calls that a (calls, k, n) array is not too large."""
        step = max(1, MOST_ELEMENTS // (self.count * len(self.weights)))
        yield from (slice(begin, begin + step) for begin in range(0, calls, step))

    def left(self, answers: Ints) -> Floats:
        """Returns R_t, the weight of the items that are left before each draw: (calls, k)."""
        drawn = self.weights[answers][:, ::-1].cumsum(axis=1)[:, ::-1]
        return drawn + (self.never(answers) * self.weights).sum(axis=1, keepdims=True)

    def never(self, answers: Ints) -> Bools:
        """Returns which items are not drawn in each call: (calls, n)."""
        never = np.ones((len(answers), len(self.weights)), dtype=np.bool_)
        np.put_along_axis(never, answers, False, axis=1)
        return never

    def expected(self, answers: Ints) -> Floats:
        """Returns how often each item was expected at any position, given the items left in each of ``answers``: (n,).

        An item of weight w adds w/R_t for every draw t at which it is left."""
        left = self.left(answers)
        drawn_at = np.full((len(answers), len(self.weights)), self.count - 1)
        np.put_along_axis(drawn_at, answers, np.arange(self.count), axis=1)
        shares = np.take_along_axis((1.0 / left).cumsum(axis=1), drawn_at, axis=1)
        return np.asarray((shares * self.weights).sum(axis=0))

    def log_p(self, answers: Ints) -> Floats:
        """Returns the logarithm of the probability of each sequence, an array (calls,); -inf where it is 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            p = self.weights[answers] / self.left(answers)
            return np.asarray(np.log(np.nan_to_num(p, nan=0.0)).sum(axis=1))

    def log_ratios(self, factors: Floats, answers: Ints, contexts: Ints) -> Floats:
        """Returns ln q/p of each sequence, (calls,), when q gives item j of context c the weight w_j factors_cj.

        The sums over the items left add those drawn from here on and those never drawn: nothing is subtracted."""
        drawn = factors[contexts[:, :, None], answers[:, None, :]] * self.weights[answers][:, None, :]
        sums = (drawn * np.triu(np.ones((self.count, self.count), dtype=np.bool_))).sum(axis=2)
        if self.count < len(self.weights):
            sums = sums + np.einsum("ctj,cj->ct", (factors * self.weights)[contexts], self.never(answers))
        return np.asarray(np.log(factors[contexts, answers] * self.left(answers) / sums).sum(axis=1))

    def _before(self, answers: Ints, place: Ints) -> Floats:
        """Returns the weight of the items left that come before the drawn one, where item j has ``place[j]``."""
        at = place[answers]
        later = np.tril(np.ones((self.count, self.count), dtype=np.bool_), k=-1).T
        smaller = (at[:, None, :] < at[:, :, None]) & later
        weights = np.empty_like(self.weights)
        weights[place] = self.weights
        never = np.empty((len(answers), len(place)))
        never[:, place] = self.never(answers) * self.weights
        sums = never.cumsum(axis=1) - never
        return (smaller * self.weights[answers][:, None, :]).sum(axis=2) + np.take_along_axis(sums, at, axis=1)


def _smaller_before(answers: Ints) -> Ints:
    """Returns how many of the items before each position are smaller than the one there: (calls, k)."""
    k = answers.shape[1]
    earlier = np.tril(np.ones((k, k), dtype=np.bool_), k=-1)
    return np.asarray(((answers[:, None, :] < answers[:, :, None]) & earlier).sum(axis=2))


class Recurrences(Repeats):
    """``Repeats`` of answers that count as equal when ``canonical`` gives the same; ``log_p`` sums to theirs."""

    def __init__(self, canonical: Callable[[Ints], Ints]) -> None:
        super().__init__()
        self._canonical = canonical

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        return super().advance(replace(block, answers=np.ascontiguousarray(self._canonical(block.answers))))


Context = Callable[[Ints], Ints]  # (calls, k) items to (calls, k) contexts, each of earlier items and position only


def at_position(answers: Ints) -> Ints:
    """The context is the position: which item comes where."""
    return np.broadcast_to(np.arange(answers.shape[1]), answers.shape)


def anywhere(answers: Ints) -> Ints:
    """One context: which items are drawn at all."""
    return np.zeros_like(answers)


def after_item(answers: Ints) -> Ints:
    """The context is the item before, and at the first position the position: which items follow which."""
    return np.concatenate([np.full((len(answers), 1), -1), answers[:, :-1]], axis=1)


class TableBets:
    """q ∝ w_j m_tj over the items left, with fixed factors m for each position t and item j, one for each table.

    The capital is the average over ``tables``, a (tables, k, n) array of positive numbers."""

    def __init__(self, name: str, law: OrderLaw, tables: Floats) -> None:
        self.name = name
        self._law = law
        self._tables = tables
        self._logs = np.zeros((len(tables), 1))

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        steps = np.concatenate([self._steps(block.answers[part]) for part in self._law.chunks(len(block))], axis=1)
        path = self._logs + np.cumsum(steps, axis=1)
        self._logs = path[:, -1:]
        return log_mean_exp(path, axis=0)

    def _steps(self, answers: Ints) -> Floats:
        return np.array([self._law.log_ratios(table, answers, at_position(answers)) for table in self._tables])


class LearnedWeights:
    """q ∝ w_j m_cj over the items left, with a factor m for each context c and item j, learned from earlier calls.

    m_cj = (drawn_cj + s)/(expected_cj + s), where expected is the sum of the conditional probabilities of j in that
    context; learned anew at calls 2, 3, 4, 6, 8, 12, ...; averaged over the shrinkages s. Whatever m is, the factors
    w_j m_cj divided by their sum over the items left are probabilities, so q/p has mean 1 given all earlier draws.
    """

    def __init__(self, name: str, law: OrderLaw, context: Context, contexts: int) -> None:
        self.name = name
        self._law = law
        self._context = context
        self._drawn = np.zeros((contexts, len(law.weights)))
        self._expected = np.zeros_like(self._drawn)
        self._factors = np.ones((len(SHRINKAGES), *self._drawn.shape))
        self._logs = np.zeros(len(SHRINKAGES))
        self._seen = 0

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        pieces = []
        for begin, end in pieces_between(self._seen, len(block)):
            steps = np.concatenate(
                [self._play(block.answers[begin:end][part]) for part in self._law.chunks(end - begin)], axis=1
            )
            pieces.append(self._logs[:, None] + np.cumsum(steps, axis=1))
            self._logs = pieces[-1][:, -1]
            self._seen += end - begin
            if is_milestone(self._seen):
                self._factors = (self._drawn + SHRINKAGES[:, None, None]) / (self._expected + SHRINKAGES[:, None, None])
        return log_mean_exp(np.concatenate(pieces, axis=1), axis=0)

    def _play(self, answers: Ints) -> Floats:
        """Returns ln q/p of each call for each shrinkage, and counts the calls."""
        contexts = self._context(answers)
        steps = [self._law.log_ratios(factors, answers, contexts) for factors in self._factors]
        self._count(answers, contexts, self._law.left(answers))
        return np.array(steps)

    def _count(self, answers: Ints, contexts: Ints, left: Floats) -> None:
        n, k = len(self._law.weights), answers.shape[1]
        drawn_at = np.full((len(answers), n), k)
        np.put_along_axis(drawn_at, answers, np.arange(k), axis=1)
        is_left = drawn_at[:, None, :] >= np.arange(k)[:, None]
        np.add.at(self._drawn, (contexts, answers), 1.0)
        np.add.at(self._expected, contexts, is_left * self._law.weights / left[:, :, None])
