"""Bets on the steps of walks: temperature, going back, the next nodes, single nodes, declared wrong laws.

A factor is the product of q/p over the steps of a call, with a q for each step that sums to 1 over the next nodes and
the end, and depends on earlier steps and calls only. Whether a walk goes on is part of its steps, so the factor has
mean 1 given the earlier calls, however long the walks are.
"""

from __future__ import annotations

import numpy as np

from judge.stats.arrays import Floats, Ints
from judge.stats.eprocess import log_mean_exp
from judge.stats.law import Block
from judge.stats.marginal import POWERS, is_milestone, pieces_between
from judge.stats.walks import Steps, WalkLaw

SHRINKAGES = np.array([4.0, 32.0, 256.0])
RETURNS = np.array([0.02, 0.25, 0.5, 2.0, 4.0])


def per_call(values: Floats, steps: Steps, calls: int) -> Floats:
    """Returns the sums of ``values``, (..., steps), over the steps of each call: (..., calls)."""
    sums = np.zeros((calls, *values.shape[:-1]))
    np.add.at(sums, steps.call, np.moveaxis(values, -1, 0))
    return np.moveaxis(sums, 0, -1)


class StepBets:
    """A capital for each of some fixed or learned likelihood ratios of a step, averaged; what subclasses share."""

    def __init__(self, name: str, law: WalkLaw, count: int) -> None:
        self.name = name
        self.law = law
        self._logs = np.zeros((count, 1))

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        steps = self.law.steps(block.answers)
        path = self._logs + np.cumsum(per_call(self.ratios(steps), steps, len(block)), axis=1)
        self._logs = path[:, -1:]
        return log_mean_exp(path, axis=0)

    def ratios(self, steps: Steps) -> Floats:
        """Returns ln q/p of every step: (count, steps)."""
        raise NotImplementedError


class StepTilt(StepBets):
    """q ∝ p^θ at every node, θ in POWERS: uniform steps, the most probable step, a wrong temperature."""

    def __init__(self, law: WalkLaw) -> None:
        super().__init__("tilt", law, len(POWERS))
        with np.errstate(divide="ignore"):
            self._log_p = np.log(law.p)
        self._log_sums = np.log(
            [np.power(law.p, power, where=law.p > 0, out=np.zeros_like(law.p)).sum(axis=1) for power in POWERS]
        )

    def ratios(self, steps: Steps) -> Floats:
        """As of StepBets."""
        return np.outer(POWERS - 1.0, self._log_p[steps.at, steps.to]) - self._log_sums[:, steps.at]


class Returns(StepBets):
    """q ∝ p_ij θ for the node j that the walk came from, θ in RETURNS: a walk that avoids going back, or likes to."""

    def __init__(self, law: WalkLaw) -> None:
        super().__init__("returns", law, len(RETURNS))

    def ratios(self, steps: Steps) -> Floats:
        """As of StepBets."""
        known = steps.before >= 0
        back = np.where(known, self.law.p[steps.at, steps.before], 0.0)
        chosen = np.where(known & (steps.to == steps.before), np.log(RETURNS)[:, None], 0.0)
        return np.asarray(chosen - np.log1p((RETURNS[:, None] - 1.0) * back))


class Declared:
    """ln q/p of each call for the steps of another law, restricted to the steps that are possible and normalised again.

    A row with nothing left there is the law's own: every step from that node is impossible under the law."""

    def __init__(self, law: WalkLaw, other: WalkLaw) -> None:
        self._law = law
        with np.errstate(divide="ignore", invalid="ignore"):
            kept = np.where(law.p > 0, other.p, 0.0)
            mass = kept.sum(axis=1, keepdims=True)
            q = np.where(mass > 0, kept / mass, law.p)
            self._ratios = np.where(law.p > 0, np.log(q) - np.log(law.p), 0.0)

    def __call__(self, block: Block) -> Floats:
        """Returns an array of the block's length; -inf where the other law excludes the walk."""
        steps = self._law.steps(block.answers)
        return per_call(self._ratios[steps.at, steps.to], steps, len(block))


class Targets:
    """q ∝ p_ij m_j with a factor for each next node and for the end, learned: a wrong restart, end, or weight.

    m_j = (made_j + s)/(expected_j + s), expected the sum of the conditional probabilities of j; learned anew at calls
    2, 3, 4, 6, 8, 12, ...; averaged over the shrinkages s.
    """

    name = "targets"

    def __init__(self, law: WalkLaw) -> None:
        self._law = law
        self._made = np.zeros(law.nodes + 1)
        self._expected = np.zeros(law.nodes + 1)
        self._factors = np.ones((len(SHRINKAGES), law.nodes + 1))
        self._logs = np.zeros((len(SHRINKAGES), 1))
        self._seen = 0

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        pieces = []
        for begin, end in pieces_between(self._seen, len(block)):
            steps = self._law.steps(block.answers[begin:end])
            log_ratios = np.log(self._factors)[:, steps.to] - np.log(self._factors @ self._law.p.T)[:, steps.at]
            pieces.append(self._logs + np.cumsum(per_call(log_ratios, steps, end - begin), axis=1))
            self._logs = pieces[-1][:, -1:]
            self._made += np.bincount(steps.to, minlength=self._law.nodes + 1)
            self._expected += np.bincount(steps.at, minlength=self._law.nodes) @ self._law.p
            self._seen += end - begin
            if is_milestone(self._seen):
                self._factors = (self._made + SHRINKAGES[:, None]) / (self._expected + SHRINKAGES[:, None])
        return log_mean_exp(np.concatenate(pieces, axis=1), axis=0)


class Nodes:
    """q learned for each node over its s possible next ones: (count + ½)/(visits + s/2), of Krichevsky and Trofimov.

    The capital is the average of that of each node alone (``each``) or the product over nodes: one wrong node, or all.
    """

    def __init__(self, name: str, law: WalkLaw, *, each: bool) -> None:
        self.name = name
        self._law = law
        self._each = each
        self._sizes = (law.p > 0).sum(axis=1)
        self._counts = np.zeros(law.p.size, dtype=np.int64)
        self._visits = np.zeros(law.nodes, dtype=np.int64)
        self._logs = np.zeros(law.nodes)

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        steps = self._law.steps(block.answers)
        cells = steps.at * (self._law.nodes + 1) + steps.to
        counted = self._counts[cells] + earlier_equals(cells) + 0.5
        visited = self._visits[steps.at] + earlier_equals(steps.at) + self._sizes[steps.at] / 2
        ratios = np.log(counted / visited / self._law.p[steps.at, steps.to])
        self._counts += np.bincount(cells, minlength=len(self._counts))
        self._visits += np.bincount(steps.at, minlength=self._law.nodes)
        moves = np.zeros((len(block), self._law.nodes))
        np.add.at(moves, (steps.call, steps.at), ratios)
        path = self._logs + np.cumsum(moves, axis=0)
        self._logs = path[-1]
        return log_mean_exp(path[:, self._sizes > 1], axis=1) if self._each else np.asarray(path.sum(axis=1))


def earlier_equals(values: Ints) -> Ints:
    """Returns for each element how many of those before it are equal to it."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    begins = np.searchsorted(ordered, ordered, side="left")
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(values)) - begins
    return ranks
