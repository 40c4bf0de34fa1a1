"""The bets on PITs, orders, shuffles and walks are martingales under their laws, and the PITs are uniform: exactly.

All outcomes of one call are listed with their probabilities. After any past, the mean of the next capital over them
must be the capital; and the boxes of PITs that the outcomes fill must cover the unit cube with density 1.
"""

from __future__ import annotations

import copy
import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from judge.checkers.evidence.departures import location_scale, smooth, tails
from judge.checkers.evidence.shuffles import Permutations
from judge.checkers.evidence.subsets import Subsets, in_drawn_order
from judge.stats import shuffles
from judge.stats.closing import ClosingEProcess, farthest, massart
from judge.stats.law import Block
from judge.stats.orders import (
    LearnedWeights,
    OrderLaw,
    Recurrences,
    TableBets,
    after_item,
    anywhere,
    at_position,
)
from judge.stats.pits import CELL_BITS, CellBets, CellTable, ColumnHistograms, HalfBet, PitShape, PooledHistogram
from judge.stats.streams import Stream
from judge.stats.walk_bets import Declared, Nodes, Returns, StepTilt, Targets, earlier_equals
from judge.stats.walks import OVER, WalkLaw

CALLS = 40


def mean_of_next(member: Any, past: Block | None, outcomes: Block, probabilities: Any) -> float:
    """The mean, over one more call, of the capital divided by the capital before."""
    before = member.advance(past)[-1] if past is not None else 0.0
    after = [copy.deepcopy(member).advance(one(outcomes, call))[-1] - before for call in range(len(outcomes))]
    return math.fsum(p * math.exp(log) for p, log in zip(probabilities, after, strict=True))


def one(block: Block, call: int) -> Block:
    return Block(**{name: getattr(block, name)[call : call + 1] for name in Block.__slots__})


# --- PITs


def eighths(cells: Any) -> Block:
    """Calls of two PITs in the middles of 8 cells; ``cells`` is (calls, 2)."""
    pits = (np.asarray(cells) + 0.5) / 8
    answers = (pits * 2**CELL_BITS).astype(np.int64)
    return Block(answers=answers, log_p=np.full(pits.shape, -math.log(8)), index_pit=pits, rank_pit=1 - pits)


EVERY_PIT = eighths(list(itertools.product(range(8), repeat=2)))
SHAPE = PitShape(columns=2)
MASSES = np.array([[1.0, 2, 3, 4, 5, 6, 7, 8], [1.0, 1, 1, 1, 0, 0, 0, 1]])
PIT_MEMBERS: dict[str, Callable[[], Any]] = {
    "pooled": lambda: PooledHistogram("pooled", SHAPE, CALLS, bins=4),
    "by rank": lambda: PooledHistogram("by rank", SHAPE, CALLS, bins=8, by_rank=True),
    "columns": lambda: ColumnHistograms("columns", SHAPE, CALLS),
    "cells": lambda: CellBets("cells", MASSES),
    "half": lambda: HalfBet("half", CellTable(MASSES[1])),
}


@pytest.mark.parametrize("name", PIT_MEMBERS)
@pytest.mark.parametrize("seen", [0, 1, 3, 30])
def test_bets_on_pits_are_fair_after_any_past(name: str, seen: int) -> None:
    past = eighths(np.random.default_rng(seen).integers(3, size=(seen, 2))) if seen else None
    mean = mean_of_next(PIT_MEMBERS[name](), past, EVERY_PIT, np.full(64, 1 / 64))
    assert mean == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("densities", [location_scale, tails, smooth])
def test_the_fixed_departures_are_densities(densities: Callable[[int], Any]) -> None:
    masses = densities(4096)
    assert (masses >= 0).all()
    np.testing.assert_allclose(masses.sum(axis=1), 1.0, atol=1e-9)
    assert np.abs(masses * 4096 - 1).max(axis=1).min() > 0.05  # none of them is the law itself


def test_a_bet_that_is_lost_for_good_leaves_half_bets_alive() -> None:
    never = HalfBet("never", CellTable(np.array([0.0, 1.0])))
    np.testing.assert_allclose(np.exp(never.advance(eighths([[0, 0], [7, 7], [7, 7]]))), [0.5, 0.5 * 2.5, 0.5 * 2.5**2])


def test_the_distance_limit_is_massarts() -> None:
    assert 2 * math.exp(-2 * 500 * massart(500, 1e-6) ** 2) == pytest.approx(1e-6)
    distance, at = farthest(np.array([0.1, 0.2, 0.9]))
    assert (distance, at) == (pytest.approx(2 / 3 - 0.2), 0.2)


@pytest.mark.parametrize(("shift", "rejected"), [(-0.02, False), (0.02, True)])
def test_the_closing_test_rejects_at_the_last_call_and_at_its_limit(shift: float, rejected: bool) -> None:
    class Idle:
        name = "idle"

        def advance(self, block: Block) -> Any:
            return np.zeros(len(block))

    process = ClosingEProcess([Idle()], 1e-3, calls=100, columns=2)
    scale = 1 - process.distance_limit - shift
    pits = scale * (np.arange(200).reshape(100, 2) + 0.5) / 200  # their distance from uniform is 1 - scale
    block = Block(answers=np.zeros((100, 2), dtype=np.int64), log_p=pits, index_pit=pits, rank_pit=pits)
    for call in range(100):
        assert process.rejected_at is None
        process.observe(one(block, call))
    assert process.rejected_at == (100 if rejected else None)
    assert process.path[0] == pytest.approx(-math.log(2))


# --- orders

LAWS = {
    "shuffle": OrderLaw(weights=np.ones(4), count=4),
    "3 of 5": OrderLaw(weights=np.ones(5), count=3),
    "weighted": OrderLaw(weights=np.array([0.1, 0.4, 0.0, 1.0, 0.3]), count=3),
}


def every_order(law: OrderLaw) -> tuple[Any, Any]:
    """All sequences that the law allows, and their probabilities by the definition."""
    items = [item for item in range(len(law.weights)) if law.weights[item] > 0]
    found = np.array(list(itertools.permutations(items, law.count)))
    probabilities = []
    for order in found:
        left, p = law.weights.sum(), 1.0
        for item in order:
            p *= law.weights[item] / left
            left -= law.weights[item]
        probabilities.append(p)
    return found, np.array(probabilities)


@pytest.mark.parametrize("name", LAWS)
def test_the_pits_of_orders_are_uniform_on_the_cube(name: str) -> None:
    law = LAWS[name]
    orders, probabilities = every_order(law)
    np.testing.assert_allclose(np.exp(law.log_p(orders)), probabilities)
    low, high = law.block(orders, np.zeros(orders.shape)), law.block(orders, np.ones(orders.shape))
    points = np.random.default_rng(3).random((300, law.count))
    for begin, end in ((low.index_pit, high.index_pit), (low.rank_pit, high.rank_pit)):
        inside = ((points[:, None] >= begin) & (points[:, None] < end)).all(axis=2)
        np.testing.assert_allclose((inside * (probabilities / (end - begin).prod(axis=1))).sum(axis=1), 1.0)


ORDER_MEMBERS: dict[str, Callable[[OrderLaw], Any]] = {
    "positions": lambda law: LearnedWeights("positions", law, at_position, law.count),
    "items": lambda law: LearnedWeights("items", law, anywhere, 1),
    "successors": lambda law: LearnedWeights("successors", law, after_item, len(law.weights) + 1),
    "tables": lambda law: TableBets("t", law, np.random.default_rng(0).random((2, law.count, len(law.weights))) + 0.1),
    "repeats": lambda law: Recurrences(lambda answers: answers),
}


@pytest.mark.parametrize("law_name", LAWS)
@pytest.mark.parametrize("name", ORDER_MEMBERS)
@pytest.mark.parametrize("seen", [0, 3, 24])
def test_bets_on_orders_are_fair_after_any_past(law_name: str, name: str, seen: int) -> None:
    law = LAWS[law_name]
    orders, probabilities = every_order(law)
    block = law.block(orders, np.full(orders.shape, 0.5))
    chosen = np.minimum(np.random.default_rng(seen).integers(len(orders), size=(2, seen)).min(axis=0), 7)
    past = law.block(orders[chosen], np.full((seen, law.count), 0.5)) if seen else None
    assert mean_of_next(ORDER_MEMBERS[name](law), past, block, probabilities) == pytest.approx(1.0, rel=1e-12)


def test_learned_weights_bet_after_three_calls() -> None:
    law = LAWS["shuffle"]
    block = law.block(np.tile(np.arange(4), (4, 1)), np.full((4, 4), 0.5))
    for name in ("positions", "successors"):
        path = ORDER_MEMBERS[name](law).advance(block)
        assert path[1] == 0.0
        assert path[3] > 0.5


@pytest.mark.parametrize("law_name", LAWS)
@pytest.mark.parametrize("name", ["positions", "items", "successors"])
def test_what_was_drawn_is_compared_with_what_was_expected(law_name: str, name: str) -> None:
    """Over all sequences, weighted by their probabilities, each item is drawn as often as expected."""
    law = LAWS[law_name]
    orders, probabilities = every_order(law)
    surplus = 0.0
    for order, p in zip(orders, probabilities, strict=True):
        member = ORDER_MEMBERS[name](law)
        member.advance(law.block(order[None], np.full((1, law.count), 0.5)))
        surplus = surplus + p * (member._drawn - member._expected)
        np.testing.assert_allclose(member._expected.sum(), law.count)
    np.testing.assert_allclose(surplus, 0.0, atol=1e-12)


@pytest.mark.parametrize("size", [2, 3, 5, 6])
def test_statistics_of_shuffles_have_the_stated_generating_functions(size: int) -> None:
    orders = np.array(list(itertools.permutations(range(size))))
    zeros = np.zeros(orders.shape)
    outcomes = Block(answers=orders, log_p=zeros, index_pit=zeros, rank_pit=zeros)
    for member in shuffles.statistic_bets(size):
        mean = mean_of_next(member, None, outcomes, np.full(len(orders), 1 / len(orders)))
        assert mean == pytest.approx(1.0, rel=1e-12)


def test_statistics_of_one_shuffle() -> None:
    order = np.array([[2, 1, 3, 4, 0, 5]])
    assert shuffles.fixed_points(order) == [2]
    assert shuffles.cycles(order) == [3]  # (0 2 3 4) (1) (5)
    assert shuffles.successions(order) == [1]
    assert shuffles.inversions(order) == [5]


def test_swap_tables_are_those_of_all_equally_probable_swaps() -> None:
    size = 4
    counts = np.zeros((size, size))
    for others in itertools.product(range(size), repeat=size):
        order = list(range(size))
        for at, other in enumerate(others):
            order[at], order[other] = order[other], order[at]
        counts[np.arange(size), order] += 1
    up, down, *inverse = shuffles.swap_tables(size)
    np.testing.assert_allclose(up, size * counts / size**size)
    np.testing.assert_allclose(down, up[::-1, ::-1])
    np.testing.assert_allclose(inverse, [up.T, down.T])


@pytest.mark.parametrize("name", ["3 of 5", "weighted"])
def test_a_set_gets_an_order_of_drawing_from_the_law_given_the_set(name: str) -> None:
    law = LAWS[name]
    orders, probabilities = every_order(law)
    by_set: dict[tuple[int, ...], float] = {}
    for order, p in zip(orders, probabilities, strict=True):
        by_set[tuple(sorted(order))] = by_set.get(tuple(sorted(order)), 0.0) + p
    sets = np.array([[0, 3, 4]] * 4000)
    drawn, log_orders = in_drawn_order(law, sets, np.random.default_rng(1).random(sets.shape))
    np.testing.assert_allclose(np.exp(law.log_p(drawn) - log_orders), by_set[0, 3, 4])
    seen = {
        tuple(order): int(count) for order, count in zip(*np.unique(drawn, axis=0, return_counts=True), strict=True)
    }
    assert len(seen) == 6
    for order, p in zip(orders, probabilities, strict=True):
        if tuple(sorted(order)) == (0, 3, 4):
            share = p / by_set[0, 3, 4]
            assert abs(seen[tuple(order)] - 4000 * share) < 5 * math.sqrt(4000 * share * (1 - share))


def test_an_answer_counts_with_the_probability_of_what_is_seen() -> None:
    shuffled = Permutations.of([1, 1, 2, 1])
    drawn = [shuffled.read([1, 2, 1, 1])] * 50
    block = shuffled.block(drawn, Stream(b"secret", "pit"))
    np.testing.assert_allclose(np.exp(block.log_p.sum(axis=1)), 1 / 4)
    assert (shuffled.canonical(block.answers) == drawn).all()
    assert len(np.unique(block.answers, axis=0)) == 6  # all orders of the three labels
    law = LAWS["weighted"]
    orders, probabilities = every_order(law)
    chosen = sum(p for order, p in zip(orders, probabilities, strict=True) if set(order) == {0, 3, 4})
    subset = Subsets(law=law, ordered=False)
    block = subset.block([subset.read([4, 0, 3])] * 50, Stream(b"secret", "pit"))
    np.testing.assert_allclose(np.exp(block.log_p.sum(axis=1)), chosen)
    assert (subset.canonical(block.answers) == [0, 3, 4]).all()


# --- walks

ROWS = np.array([[0.0, 0.5, 0.25], [0.375, 0.125, 0.5], [1.0, 0.0, 0.0]])  # node 0 ends with 1/4
WALKS = WalkLaw.of(ROWS, 0)
OTHER = WalkLaw.of(np.array([[0.0, 0.25, 0.25], [0.5, 0.0, 0.5], [0.5, 0.0, 0.0]]), 0)
SEEN = 3


def every_walk() -> tuple[Any, Any]:
    """All walks of at most SEEN steps as the tests see them, and their probabilities."""
    found: list[tuple[list[int], float]] = []

    def extend(nexts: list[int], at: int, p: float) -> None:
        if len(nexts) == SEEN or at == WALKS.nodes:
            found.append((nexts + [OVER] * (SEEN - len(nexts)), p))
            return
        for to in np.flatnonzero(WALKS.p[at]):
            extend([*nexts, int(to)], int(to), p * float(WALKS.p[at, to]))

    extend([], 0, 1.0)
    return np.array([nexts for nexts, _ in found]), np.array([p for _, p in found])


def test_the_pits_of_walks_are_uniform_on_the_cube() -> None:
    walks, probabilities = every_walk()
    assert probabilities.sum() == pytest.approx(1.0)
    low, high = WALKS.block(walks, np.zeros(walks.shape)), WALKS.block(walks, np.ones(walks.shape))
    np.testing.assert_allclose(np.exp(low.log_p.sum(axis=1)), probabilities)
    points = np.random.default_rng(3).random((300, SEEN))
    for begin, end in ((low.index_pit, high.index_pit), (low.rank_pit, high.rank_pit)):
        inside = ((points[:, None] >= begin) & (points[:, None] < end)).all(axis=2)
        np.testing.assert_allclose((inside * (probabilities / (end - begin).prod(axis=1))).sum(axis=1), 1.0)


WALK_MEMBERS: dict[str, Callable[[], Any]] = {
    "tilt": lambda: StepTilt(WALKS),
    "returns": lambda: Returns(WALKS),
    "targets": lambda: Targets(WALKS),
    "nodes": lambda: Nodes("nodes", WALKS, each=False),
    "each_node": lambda: Nodes("each_node", WALKS, each=True),
    "declared": lambda: HalfBet("declared", Declared(WALKS, OTHER)),
}


@pytest.mark.parametrize("name", WALK_MEMBERS)
@pytest.mark.parametrize("seen", [0, 1, 3, 30])
def test_bets_on_walks_are_fair_after_any_past(name: str, seen: int) -> None:
    walks, probabilities = every_walk()
    block = WALKS.block(walks, np.full(walks.shape, 0.5))
    chosen = np.random.default_rng(seen).integers(len(walks), size=(2, seen)).min(axis=0)
    past = WALKS.block(walks[chosen], np.full((seen, SEEN), 0.5)) if seen else None
    assert mean_of_next(WALK_MEMBERS[name](), past, block, probabilities) == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("members", [WALK_MEMBERS, ORDER_MEMBERS])
def test_the_path_of_bets_does_not_depend_on_the_blocks(members: dict[str, Callable[..., Any]]) -> None:
    law: Any = WALKS if members is WALK_MEMBERS else LAWS["weighted"]
    answers, _ = every_walk() if members is WALK_MEMBERS else every_order(law)
    answers = answers[np.random.default_rng(4).integers(len(answers), size=40)]
    block = law.block(answers, np.full(answers.shape, 0.5))
    for make in members.values():
        whole, parts = (make() if members is WALK_MEMBERS else make(law) for _ in range(2))
        path = [parts.advance(one(block, call))[0] for call in range(40)]
        np.testing.assert_allclose(path, whole.advance(block), atol=1e-9)


def test_equal_elements_are_counted_as_they_come() -> None:
    assert earlier_equals(np.array([3, 1, 3, 3, 1, 2])).tolist() == [0, 0, 1, 2, 1, 0]


def test_a_histogram_learns_at_the_stated_rate() -> None:
    path = PooledHistogram("h", SHAPE, 2, bins=8).advance(eighths([[0, 3], [0, 0]]))
    np.testing.assert_allclose(np.exp(path), np.cumprod([0.5 / 4 * 8 * 0.5 / 5 * 8, 1.5 / 6 * 8 * 2.5 / 7 * 8]))
