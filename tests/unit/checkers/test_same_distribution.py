"""The checker ``same_distribution``: samplers right and wrong without their law, and its page's examples."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from judge.checkers.contract import CaseFacts, SeriesChecker
from judge.checkers.evidence.cells import FIT, Cells
from judge.checkers.same_distribution import SameDistribution
from judge.checkers.sizing import Sized
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason
from judge.stats.swap import NO_PAIR, Swap
from tests.unit.checkers.pages import examples, outcome
from tests.unit.checkers.series_driver import play

RELATIONS: list[dict[str, Any]] = [
    {"kind": "permute", "parameters": {"points": "rows"}, "answer": "both"},
    {"kind": "scale", "parameters": {"points": 1, "tau": 2}, "by": 4},
    {"kind": "shift", "parameters": {"points": 1}, "by": 3},
    {"kind": "append", "parameters": {"points": 1e6}, "answer": "drop"},
]
POINTS = np.random.default_rng(70).normal(size=(12, 2)).tolist()
PAGE = CaseFacts(name="page", arguments={"points": POINTS, "tau": 1.0}, expected=(12, 12))
CHECKER = SameDistribution(relations=RELATIONS, calls=800)


def sampled(points: Any, tau: float, seed: int, power: float = 2.0) -> list[int]:
    distance = np.linalg.norm(np.array(points)[:, None] - np.array(points), axis=2)
    scores = -(distance**power) / tau
    np.fill_diagonal(scores, -np.inf)
    return [int(j) for j in (scores + np.random.default_rng(seed).gumbel(size=scores.shape)).argmax(axis=1)]


def judged(function: Callable[..., Any], case: CaseFacts = PAGE, checker: SameDistribution = CHECKER) -> Any:
    return play(checker, case, lambda: function)


def noise(scale: float, count: int, seed: int) -> list[float]:
    return (scale * np.random.default_rng(seed).laplace(size=count)).tolist()


SCALED = SameDistribution(relations=[{"kind": "scale", "parameters": {"scale": 1}, "by": 3, "answer": 1}])
NOISE = CaseFacts(name="noise", arguments={"scale": 0.5, "count": 5}, expected=(5, 8))


@pytest.mark.parametrize(("expected", "source"), examples("same_distribution"))
def test_an_example_is_judged_as_the_page_says(expected: str, source: str) -> None:
    assert outcome(CHECKER, PAGE, source, "sample_neighbours") == expected


def test_it_is_a_series_checker_that_states_what_it_promises() -> None:
    assert isinstance(CHECKER, SeriesChecker)
    assert isinstance(CHECKER, Sized)


def test_half_of_the_calls_get_a_copy_in_an_order_that_cannot_be_told() -> None:
    checker = SameDistribution(relations=RELATIONS[1:2], calls=400)
    played = judged(sampled, PAGE, checker)
    assert played.judgement.accepted
    assert played.judgement.evidence["trials"] == 190
    assert {call.box for call in played.calls} == {0, 1}
    fresh = {call.changes["seed"]: "tau" in call.changes for call in played.calls}
    assert len(fresh) == 380
    assert sum(fresh.values()) == 190
    kinds = list(fresh.values())
    assert {(kinds[i], kinds[i + 1]) for i in range(0, 380, 2)} == {(True, False), (False, True)}


@pytest.mark.parametrize(
    ("wrong", "relation"),
    [
        (lambda points, tau, seed: sampled(points, tau, seed, power=1.0), "2 scale points, tau"),
        (lambda points, tau, seed: sampled([[x, 0.8 * y * y] for x, y in points], tau, seed), "3 shift points"),
        (lambda points, tau, seed: sorted(sampled(points, tau, seed)), "1 permute points"),
    ],
)
def test_each_relation_finds_its_own_defect(wrong: Callable[..., Any], relation: str) -> None:
    judgement = judged(wrong).judgement
    assert judgement.reason is Reason.WRONG_DISTRIBUTION
    members = judgement.evidence["members"]
    assert max(members, key=lambda name: members[name]) == relation
    assert f"transformed arguments ({relation}) have another law" in judgement.message


def test_floats_are_sorted_into_cells_of_their_own() -> None:
    played = judged(noise, NOISE, SCALED)
    assert played.judgement.accepted
    assert played.judgement.evidence["trials"] == 190
    squared = judged(lambda scale, count, seed: [scale * x for x in noise(scale, count, seed)], NOISE, SCALED)
    assert squared.judgement.reason is Reason.WRONG_DISTRIBUTION
    assert judged(lambda scale, count, seed: noise(scale, count, 1), NOISE, SCALED).judgement.accepted  # the same law


def test_edges_come_from_pairs_that_are_not_bet_on() -> None:
    cells = Cells(4)
    pairs = np.random.default_rng(1).random((FIT + 1, 2, 3))
    assert [cells.of(pair) for pair in pairs[:FIT]] == [None] * FIT
    found = cells.of(pairs[FIT])
    edges = np.quantile(pairs[:FIT].reshape(-1, 3), [0.25, 0.5, 0.75], axis=0)
    expected = (pairs[FIT][None] >= edges[:, None]).sum(axis=0)
    assert found is not None
    assert (found == expected).all()


@pytest.mark.parametrize(
    ("answer", "reason", "message"),
    [
        ([0, 12], Reason.WRONG_SUPPORT, "expected integers from 0 to 11, but number 1 is 12"),
        ([-1, 0], Reason.WRONG_SUPPORT, "expected integers from 0 to 11, but number 0 is -1"),
        ([0, 10**400], Reason.WRONG_SUPPORT, "but number 1 is an integer of"),
        ([0], Reason.WRONG_SHAPE, "expected 2 numbers, found 1"),
        ([], Reason.WRONG_SHAPE, "expected 2 numbers, found 0"),
    ],
)
def test_what_no_right_answer_is(answer: list[int], reason: Reason, message: str) -> None:
    checker = SameDistribution(relations=RELATIONS[2:3])
    case = CaseFacts(name="two", arguments=PAGE.arguments, expected=(2, 12))
    judgement = judged(lambda points, tau, seed: answer, case, checker).judgement
    assert judgement.reason is reason
    assert message in judgement.message


def test_one_number_is_an_answer_of_one_position() -> None:
    def first(points: Any, tau: float, seed: int) -> int:
        return sampled(points, tau, seed)[0]

    checker = SameDistribution(relations=RELATIONS[2:3])
    case = CaseFacts(name="one", arguments=PAGE.arguments, expected=(1, 12))
    assert judged(first, case, checker).judgement.accepted


def test_a_copy_whose_answer_has_another_form_is_named() -> None:
    checker = SameDistribution(relations=RELATIONS[:1])
    case = CaseFacts(name="two", arguments=PAGE.arguments, expected=(2, 12))
    judgement = judged(lambda points, tau, seed: [0, 1], case, checker).judgement
    assert judgement.reason is Reason.WRONG_SHAPE
    assert "for transformed arguments (permute points): expected 12 elements, found 2 elements" in judgement.message


@pytest.mark.parametrize("answer", [[0.5] * 4 + [math.nan], [math.inf] * 5])
def test_numbers_that_are_not_finite(answer: list[float]) -> None:
    judgement = judged(lambda scale, count, seed: answer, NOISE, SCALED).judgement
    assert judgement.reason is Reason.NOT_FINITE


def test_a_sampler_must_be_reproducible() -> None:
    judgement = judged(lambda scale, count, seed: np.random.normal(size=count).tolist(), NOISE, SCALED).judgement
    assert judgement.reason is Reason.NOT_REPRODUCIBLE


def test_the_two_orders_of_a_pair_have_a_mean_of_one() -> None:
    rng = np.random.default_rng(3)
    history = rng.integers(0, 5, size=(40, 2, 3))
    history[:, 1] //= 2
    for _ in range(20):
        pair = rng.integers(0, 5, size=(2, 3))
        capitals = []
        for order in (pair, pair[::-1]):
            swap = Swap("s", 3, 5)
            before = float(swap.advance(history)[-1])
            capitals.append(math.exp(float(swap.advance(order[None])[0]) - before))
        assert sum(capitals) / 2 == pytest.approx(1.0)
        assert swap.advance(np.full((1, 2, 3), NO_PAIR))[0] == pytest.approx(before + math.log(capitals[1]))


def test_the_sizing_finds_a_smaller_distance_with_more_calls() -> None:
    few, many = (
        SameDistribution(relations=RELATIONS[:1], calls=calls).sizing(PAGE, bytes(32), 10) for calls in (200, 1600)
    )
    assert 0 < many.smallest_defect < few.smallest_defect <= 0.5
    assert many.powers == ()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"relations": []}, "relations: expected a list of at least one relation, found []"),
        ({"relations": RELATIONS, "calls": 127}, "calls: expected an integer from 128 to 100000, found 127"),
        ({"relations": RELATIONS, "alpha": 1}, "alpha: expected a number from"),
    ],
)
def test_a_parameter_out_of_range_is_refused(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        SameDistribution(**parameters)


@pytest.mark.parametrize(
    ("returns", "message"),
    [
        ("list[str]", "expected a return type of int, float, list[int], list[float], found list[str]"),
        ("float", "expected a parameter 'points', found seed"),
    ],
)
def test_a_signature_that_does_not_fit_is_refused(returns: str, message: str) -> None:
    signature = Signature(parameters=(Parameter(name="seed", type=parse_type("int")),), returns=parse_type(returns))
    with pytest.raises(ValueError, match=re.escape(message)):
        CHECKER.expected_type(signature)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ((12, 1), "cells: expected an integer from 2 to 166666, found 1"),
        ((0, 2), "positions: expected an integer from 1 to 1000000, found 0"),
        ((1000, 10_000), "cells: expected an integer from 2 to 2000, found 10000"),
    ],
)
def test_a_key_out_of_range_is_refused(key: tuple[int, int], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        CHECKER.check_key(CaseFacts(name="c", arguments=PAGE.arguments, expected=key))
