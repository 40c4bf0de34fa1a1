"""The Subject of ``permutation_sampler``: the items of a list in a random order.

Items that are equal get distinct labels in a secret random order before they are tested: given what is seen, all
labellings are equally probable under the law, so the labelled order is uniform and the tests stay martingales.
"""

from __future__ import annotations

import math
from collections import Counter
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
from judge.stats.eprocess import EProcess, Martingale
from judge.stats.law import Block
from judge.stats.orders import LearnedWeights, OrderLaw, Recurrences, TableBets, after_item, at_position
from judge.stats.pits import ColumnHistograms, PitShape, PooledHistogram, dependence_members
from judge.stats.shuffles import statistic_bets, swap_tables
from judge.stats.streams import Stream

MOST_PREDECESSORS = 64  # items for which a table of successors is learned
Shuffle = Callable[[np.random.Generator, int], list[int]]  # a generator and n to an order of 0, ..., n - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Permutations:
    """Answers are the case's items in another order."""

    items: tuple[Any, ...]  # in the order of the expected value
    groups: Ints  # (n,) for each item the first item equal to it

    @classmethod
    def of(cls, items: Sequence[Any]) -> Permutations:
        """Returns the subject for ``items``, plain values that ``repr`` tells apart."""
        first: dict[str, int] = {}
        groups = [first.setdefault(repr(item), at) for at, item in enumerate(items)]
        return cls(items=tuple(items), groups=np.array(groups))

    @property
    def law(self) -> OrderLaw:
        """The law of the labels: every order of them is equally probable."""
        return OrderLaw(weights=np.ones(len(self.items)), count=len(self.items))

    def read(self, value: list[Any]) -> Drawn | Offence:
        """As of a Subject: the groups of the answer's items."""
        if len(value) != len(self.items):
            message = f"expected all {len(self.items)} items, found {len(value)}"
            return Offence(reason=Reason.WRONG_SHAPE, message=message)
        known = {repr(item): int(group) for item, group in zip(self.items, self.groups, strict=True)}
        drawn = [known.get(repr(item), -1) for item in value]
        if -1 in drawn:
            at = drawn.index(-1)
            message = f"answer[{at}]: expected one of the items, found {brief(value[at])}"
            return Offence(reason=Reason.WRONG_SUPPORT, message=message)
        found, wanted = Counter(drawn), Counter(self.groups.tolist())
        if found != wanted:
            group = next(group for group in wanted if found[group] < wanted[group])
            item = brief(self.items[group])
            message = f"expected the item {item} {times(wanted[group])}, found it {times(found[group])}"
            return Offence(reason=Reason.WRONG_SUPPORT, message=message)
        return np.array(drawn, dtype=np.int64)

    def repeat_offence(self, first: Drawn, again: Drawn, *, box: int) -> Offence | None:
        """As of a Subject."""
        return repeat_offence(first, again, what="the place in the input of item", box=box)

    def block(self, draws: Sequence[Drawn], pit: Stream) -> Block:
        """As of a Subject. The labels of equal items are dealt at random."""
        groups = np.stack(draws)
        block = self.law.block(_labelled(groups, self.groups, pit.uniforms(*groups.shape)), pit.uniforms(*groups.shape))
        same = sum(math.lgamma(size + 1) for size in Counter(self.groups.tolist()).values())
        return replace(block, log_p=block.log_p + same / len(self.items))

    def canonical(self, answers: Ints) -> Ints:
        """Returns what is seen of labelled answers."""
        return self.groups[answers]

    def table(self, blocks: Sequence[Block], most: int) -> list[dict[str, Any]]:
        """As of a Subject: items that come to a position too often or too seldom."""
        size = len(self.items)
        answers = self.canonical(Block.joined(blocks).answers)
        share = np.bincount(self.groups, minlength=size) / size
        return item_table(answers, np.tile(share * len(answers), (size, 1)), most)

    def explain(self, block: Block, members: Mapping[str, float], found: Mapping[str, Any], choice: Stream) -> Finding:
        """As of a Subject."""
        answers = self.canonical(block.answers)
        worst = found["worst"]
        wrong_law = (
            f"not every order is equally probable: the item at index {worst['item']} of the input came to position "
            f"{worst['position']} {times(worst['observed'])} in {worst['calls']} calls, and about "
            f"{worst['expected']:.3g} were expected"
        )
        cause = cause_of(block, answers, members, lambda: self.evidence({}, alpha=0.5, calls=len(block), run=1))
        return finding(cause, answers, found["members"], wrong_law=wrong_law)

    def drawing(self, shuffle: Shuffle) -> Draw:
        """Returns answers whose order of the input's items is drawn by ``shuffle``."""
        return lambda rng: [self.items[label] for label in shuffle(rng, len(self.items))]

    def evidence(self, alternatives: Mapping[str, Any], *, alpha: float, calls: int, run: int) -> EProcess:
        """Returns a fresh e-process for ``calls`` draws; there are no alternatives to bet on."""
        law, size = self.law, len(self.items)
        shape = PitShape(columns=size)
        members: list[Martingale] = [
            LearnedWeights("positions", law, at_position, size),
            TableBets("swaps", law, swap_tables(size)),
            *statistic_bets(size),
            PooledHistogram("pit_histogram", shape, calls, bins=8),
            PooledHistogram("place_histogram", shape, calls, bins=8, by_rank=True),
            ColumnHistograms("place_columns", shape, calls, by_rank=True),
            Recurrences(self.canonical),
            *dependence_members(shape, calls, run=run),
        ]
        if size <= MOST_PREDECESSORS:
            members.append(LearnedWeights("successors", law, after_item, size + 1))
        return EProcess(members, alpha)


def _labelled(groups: Ints, group_of: Ints, uniforms: Floats) -> Ints:
    """Returns answers as labels 0, ..., n - 1: the members of a group in a random order over its places."""
    places = np.lexsort((uniforms, groups), axis=1)  # places by group, at random within one
    labels = np.empty_like(groups)
    np.put_along_axis(labels, places, np.argsort(group_of, kind="stable"), axis=1)
    return labels
