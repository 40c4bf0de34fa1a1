"""The Subject of ``without_replacement``: different indices, drawn one after the other in proportion to weights.

An answer whose order says nothing gets a secret random order of drawing before it is tested, from the law of the order
given the set. Under the law the sequence then follows the law of sequences exactly, so the tests stay martingales.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from judge.checkers.evidence.answers import item_table, repeat_offence, times
from judge.checkers.evidence.causes import cause_of, finding
from judge.checkers.evidence.offences import Offence
from judge.checkers.evidence.played import Draw
from judge.checkers.evidence.subject import Drawn, Finding
from judge.model.conform import brief
from judge.model.verdict import Reason
from judge.stats.arrays import Floats, Ints
from judge.stats.declared import PREFIX
from judge.stats.eprocess import EProcess, Martingale
from judge.stats.law import Block
from judge.stats.orders import LearnedWeights, OrderLaw, Recurrences, after_item, anywhere, at_position
from judge.stats.pits import ColumnHistograms, HalfBet, PitShape, PooledHistogram, dependence_members
from judge.stats.streams import Stream

MOST_PREDECESSORS = 64  # items for which a table of successors is learned


@dataclass(frozen=True, kw_only=True, slots=True)
class Subsets:
    """Answers are ``law.count`` different indices, in the order of drawing or in any order."""

    law: OrderLaw
    ordered: bool  # whether the order of an answer is that of drawing

    def read(self, value: list[int]) -> Drawn | Offence:
        """As of a Subject; an answer whose order says nothing is sorted."""
        if len(value) != self.law.count:
            return Offence(reason=Reason.WRONG_SHAPE, message=f"expected {self.law.count} indices, found {len(value)}")
        seen: dict[int, int] = {}
        for at, index in enumerate(value):
            if not 0 <= index < len(self.law.weights):
                expected = f"an index from 0 to {len(self.law.weights) - 1}"
            elif index in seen:
                expected = f"no index twice, and {index} is answer[{seen[index]}] already"
            elif self.law.weights[index] == 0.0:
                expected = "an index of positive weight"
            else:
                seen[index] = at
                continue
            message = f"answer[{at}]: expected {expected}, found {brief(index)}"
            return Offence(reason=Reason.WRONG_SUPPORT, message=message)
        return np.array(value if self.ordered else sorted(value), dtype=np.int64)

    def repeat_offence(self, first: Drawn, again: Drawn, *, box: int) -> Offence | None:
        """As of a Subject."""
        return repeat_offence(first, again, what="index", box=box)

    def block(self, draws: Sequence[Drawn], pit: Stream) -> Block:
        """As of a Subject. A set gets an order of drawing, at random given the set."""
        answers = np.stack(draws)
        if self.ordered:
            return self.law.block(answers, pit.uniforms(*answers.shape))
        answers, log_orders = in_drawn_order(self.law, answers, pit.uniforms(*answers.shape))
        block = self.law.block(answers, pit.uniforms(*answers.shape))
        return replace(block, log_p=block.log_p - log_orders[:, None] / self.law.count)

    def canonical(self, answers: Ints) -> Ints:
        """Returns what is seen of answers in the order of drawing."""
        return answers if self.ordered else np.sort(answers, axis=1)

    def table(self, blocks: Sequence[Block], most: int) -> list[dict[str, Any]]:
        """As of a Subject: indices that are drawn too often or too seldom, at any position."""
        answers = Block.joined(blocks).answers
        expected = np.zeros((1, len(self.law.weights)))
        for part in self.law.chunks(len(answers)):
            expected[0] += self.law.expected(answers[part])
        drawn = answers.reshape(-1, 1)
        return [
            {key: row[key] for key in ("item", "observed", "expected")} for row in item_table(drawn, expected, most)
        ]

    def explain(self, block: Block, members: Mapping[str, float], found: Mapping[str, Any], choice: Stream) -> Finding:
        """As of a Subject."""
        answers = self.canonical(block.answers)
        worst = found["worst"]
        wrong_law = (
            f"the draws do not follow the weights: index {worst['item']} was drawn {times(worst['observed'])} in "
            f"{worst['calls']} calls, and about {worst['expected']:.3g} were expected"
        )
        if abs(worst["observed"] - worst["expected"]) < 3 * math.sqrt(worst["expected"] + 1):
            wrong_law = "the indices are not drawn one after the other in proportion to the weights that are left"
        cause = cause_of(block, answers, members, lambda: self.evidence({}, alpha=0.5, calls=len(block), run=1))
        return finding(cause, answers, found["members"], wrong_law=wrong_law)

    def drawing(self, weights: Floats) -> Draw:
        """Returns answers drawn one after the other in proportion to ``weights``: by exponential clocks."""

        def draw(rng: np.random.Generator) -> list[int]:
            with np.errstate(divide="ignore"):
                clocks = rng.exponential(size=len(weights)) / weights
            return [int(item) for item in np.argsort(clocks, kind="stable")[: self.law.count]]

        return draw

    def evidence(self, alternatives: Mapping[str, OrderLaw], *, alpha: float, calls: int, run: int) -> EProcess:
        """Returns a fresh e-process for ``calls`` draws, with a bet on each of ``alternatives``."""
        law, shape = self.law, PitShape(columns=self.law.count)
        members: list[Martingale] = [
            LearnedWeights("items", law, anywhere, 1),
            PooledHistogram("pit_histogram", shape, calls, bins=8),
            PooledHistogram("rank_histogram", shape, calls, bins=8, by_rank=True),
            ColumnHistograms("pit_columns", shape, calls),
            Recurrences(self.canonical),
            *dependence_members(shape, calls, run=run),
        ]
        if self.ordered:
            members.append(LearnedWeights("positions", law, at_position, law.count))
        if self.ordered and len(law.weights) <= MOST_PREDECESSORS:
            members.append(LearnedWeights("successors", law, after_item, len(law.weights) + 1))
        members += [HalfBet(f"{PREFIX}{name}", _log_ratio(law, other)) for name, other in alternatives.items()]
        return EProcess(members, alpha)


def _log_ratio(law: OrderLaw, other: OrderLaw) -> Callable[[Block], Floats]:
    """Returns ln q/p of each call, for a law q of the weights of ``other`` where those of ``law`` are positive."""
    kept = np.where(law.weights > 0, other.weights, 0.0)
    wrong = OrderLaw(weights=kept, count=law.count)
    return lambda block: wrong.log_p(block.answers) - law.log_p(block.answers)


def in_drawn_order(law: OrderLaw, sets: Ints, uniforms: Floats) -> tuple[Ints, Floats]:
    """Returns the sets in a random order of drawing, given the set, and ln P(order | set); arrays (calls, k).

    With equal weights all orders are equally probable. Otherwise the probability f of drawing the members of a subset
    first, in any order, is f(A) = Σ_{i in A} f(A - i) w_i/(W - w(A - i)), and going back from the whole set the last
    item is i with probability f(A - i) w_i/((W - w(A - i)) f(A)): 2^k steps."""
    calls, k = sets.shape
    if law.equal:
        return np.take_along_axis(sets, np.argsort(uniforms, axis=1), axis=1), np.full(calls, -math.lgamma(k + 1))
    weights = law.weights[sets]
    outside = (law.never(sets) * law.weights).sum(axis=1)
    first = np.zeros((calls, 2**k))
    first[:, 0] = 1.0
    terms: dict[int, Floats] = {}
    for mask in range(1, 2**k):
        terms[mask] = _last_terms(mask, k, first, weights, outside)
        first[:, mask] = terms[mask].sum(axis=1)
    order = np.empty_like(sets)
    masks = np.full(calls, 2**k - 1)
    log_orders = -np.log(first[:, -1])
    for at, call in itertools.product(reversed(range(k)), range(calls)):
        shares = terms[int(masks[call])][call]
        members = np.flatnonzero(shares)
        sums = shares[members].cumsum()
        item = int(members[min(int((sums <= uniforms[call, at] * sums[-1]).sum()), len(members) - 1)])
        order[call, at] = sets[call, item]
        masks[call] -= 1 << item
    return order, log_orders + law.log_p(order)


def _last_terms(mask: int, k: int, first: Floats, weights: Floats, outside: Floats) -> Floats:
    """Returns f(A - i) w_i/(W - w(A - i)) for the subset ``mask`` and every member i, 0 for others: (calls, k)."""
    terms = np.zeros_like(weights)
    not_in = outside + sum(weights[:, i] for i in range(k) if not mask >> i & 1)
    for i in (i for i in range(k) if mask >> i & 1):
        terms[:, i] = first[:, mask ^ 1 << i] * weights[:, i] / (not_in + weights[:, i])
    return terms
