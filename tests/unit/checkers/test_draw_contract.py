"""The exact layer of the checkers that draw, their keys and parameters, and what they promise."""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from judge.checkers import build
from judge.checkers.contract import CaseFacts, SeriesChecker
from judge.checkers.sizing import Sized
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason
from tests.unit.checkers.draw_cases import ITEMS, PAGES, WEIGHTS
from tests.unit.checkers.series_driver import play

Change = Callable[[Any], Any]


def judged(name: str, program: Callable[..., Any], **changes: Any) -> Any:
    page = PAGES[name]
    return play(replace(page.checker, **changes), page.case, lambda: program).judgement


def changed(name: str, change: Change) -> Any:
    """The judgement on the right program whose answers go through ``change``."""
    right = PAGES[name].right
    return judged(name, lambda **arguments: change(right(**arguments)))


@pytest.mark.parametrize(
    ("name", "change", "reason", "message"),
    [
        ("continuous", lambda a: a[1:], Reason.WRONG_SHAPE, "expected 20 draws, found 19"),
        (
            "continuous",
            lambda a: [math.nan, *a[1:]],
            Reason.NOT_FINITE,
            "answer[0]: expected a finite number, found nan",
        ),
        (
            "continuous",
            lambda a: [*a[1:], -math.inf],
            Reason.NOT_FINITE,
            "answer[19]: expected a finite number, found -inf",
        ),
        (
            "continuous",
            lambda a: [a[0], -0.5, *a[2:]],
            Reason.WRONG_SUPPORT,
            "answer[1]: expected a number that the law allows (from 0 to inf), found -0.5",
        ),
        ("permutation_sampler", lambda a: a[1:], Reason.WRONG_SHAPE, "expected all 14 items, found 13"),
        (
            "permutation_sampler",
            lambda a: [7, *a[1:]],
            Reason.WRONG_SUPPORT,
            "answer[0]: expected one of the items, found 7",
        ),
        (
            "permutation_sampler",
            lambda a: [22 if item == 21 else item for item in a],
            Reason.WRONG_SUPPORT,
            "expected the item 21 once, found it 0 times",
        ),
        ("without_replacement", lambda a: a[:3], Reason.WRONG_SHAPE, "expected 4 indices, found 3"),
        (
            "without_replacement",
            lambda a: [*a[:3], 8],
            Reason.WRONG_SUPPORT,
            "answer[3]: expected an index from 0 to 7, found 8",
        ),
        (
            "without_replacement",
            lambda a: [-1, *a[1:]],
            Reason.WRONG_SUPPORT,
            "answer[0]: expected an index from 0 to 7, found -1",
        ),
        (
            "without_replacement",
            lambda a: [4, 0, 5, 4],
            Reason.WRONG_SUPPORT,
            "answer[3]: expected no index twice, and 4 is answer[0] already, found 4",
        ),
        (
            "without_replacement",
            lambda a: [0, 3, 4, 5],
            Reason.WRONG_SUPPORT,
            "answer[1]: expected an index of positive weight, found 3",
        ),
        ("random_walk", lambda a: [], Reason.WRONG_SHAPE, "answer[0]: expected the start, 2, found no nodes"),
        ("random_walk", lambda a: a[1:], Reason.WRONG_SUPPORT, "answer[0]: expected the start, 2, found"),
        ("random_walk", lambda a: [*a, 0], Reason.WRONG_SHAPE, "expected at most 15 steps, 16 nodes, found 17 nodes"),
        ("random_walk", lambda a: a[:-1], Reason.WRONG_SHAPE, "after 14 steps: expected another step"),
        (
            "random_walk",
            lambda a: [2, 6, *a[2:]],
            Reason.WRONG_SUPPORT,
            "answer[1]: expected a node from 0 to 5, found 6",
        ),
        (
            "random_walk",
            lambda a: [2, 5, *a[2:]],
            Reason.WRONG_SUPPORT,
            "answer[1]: expected a node that can follow 2, found 5",
        ),
    ],
)
def test_what_no_correct_program_does_rejects_at_once(name: str, change: Change, reason: Reason, message: str) -> None:
    judgement = changed(name, change)
    assert (judgement.accepted, judgement.reason) == (False, reason)
    assert message in judgement.message


@pytest.mark.parametrize("name", PAGES)
def test_a_right_program_is_accepted_and_its_evidence_is_plain(name: str) -> None:
    judgement = judged(name, PAGES[name].right)
    assert judgement.accepted
    assert 0.0 <= judgement.margin < 1.0
    assert json.loads(json.dumps(judgement.evidence)) == judgement.evidence
    table = judgement.evidence["table"]
    assert judgement.evidence["worst"] == table[0] | {"calls": 190}
    assert {"observed", "expected"} <= set.intersection(*map(set, table))
    assert 6 < len(table) <= 24
    assert (judgement.evidence["draws"], judgement.evidence["repeats"]) == (190, 10)


@pytest.mark.parametrize("name", PAGES)
def test_consecutive_seeds_make_no_difference_to_a_right_program(name: str) -> None:
    assert judged(name, PAGES[name].right, consecutive=4).accepted


@pytest.mark.parametrize("name", PAGES)
def test_another_answer_in_another_process_is_not_reproducible(name: str) -> None:
    page = PAGES[name]
    loaded = iter(range(10))

    def load() -> Callable[..., Any]:
        box = next(loaded)
        return lambda seed, **arguments: page.right(seed=seed + box, **arguments)

    judgement = play(page.checker, page.case, load).judgement
    assert judgement.reason == Reason.NOT_REPRODUCIBLE
    assert "in another process" in judgement.message


@pytest.mark.parametrize("name", PAGES)
def test_the_global_generator_is_not_reproducible_or_its_change_is_seen(name: str) -> None:
    def unseeded(seed: int, **arguments: Any) -> Any:
        return PAGES[name].right(seed=random.getrandbits(31), **arguments)

    assert judged(name, unseeded).reason == Reason.NOT_REPRODUCIBLE

    def seeded(seed: int, **arguments: Any) -> Any:
        random.seed(seed)
        return unseeded(seed, **arguments)

    assert judged(name, seeded).reason == Reason.GLOBAL_STATE_CHANGED


@pytest.mark.parametrize("name", PAGES)
def test_changed_arguments_are_seen(name: str) -> None:
    page = PAGES[name]
    if all(isinstance(value, (int, float)) for value in page.case.arguments.values()):
        return

    def program(**arguments: Any) -> Any:
        answer = page.right(**arguments)
        next(value for value in arguments.values() if isinstance(value, list)).reverse()
        return answer

    assert judged(name, program).reason == Reason.INPUT_MUTATED


@pytest.mark.parametrize(("seeds", "reason"), [(1, Reason.DEPENDENT_DRAWS), (16, Reason.DEPENDENT_DRAWS)])
@pytest.mark.parametrize("name", PAGES)
def test_few_seeds_are_dependent_draws(name: str, seeds: int, reason: Reason) -> None:
    right = PAGES[name].right
    judgement = judged(name, lambda seed, **arguments: right(seed=seed % seeds, **arguments))
    assert judgement.reason == reason
    assert "different seeds" in judgement.message


def test_a_walk_that_ends_by_itself_may_not_end_where_it_cannot() -> None:
    rows = np.array([[0.0, 1.0], [0.25, 0.25]])  # node 0 has no end
    case = CaseFacts(name="case", arguments={"start": 0}, expected=rows)

    def program(start: int, seed: int) -> list[int]:
        return [0, 1, 0] if seed % 8 == 0 else [0, 1]

    judgement = play(build("random_walk", {}), case, lambda: program).judgement
    assert (judgement.reason, judgement.message) == (
        Reason.WRONG_SHAPE,
        "the walk ends at node 0 after 2 steps: expected another step",
    )


def test_equal_items_are_no_handicap() -> None:
    items = [1, 1, 1, 2, 2, 3]
    case = CaseFacts(name="case", arguments={"items": items}, expected=items)
    checker = build("permutation_sampler", {"calls": 400})
    assert play(checker, case, lambda: PAGES["permutation_sampler"].right).judgement.accepted
    sorts = play(checker, case, lambda: lambda items, seed: sorted(items, reverse=bool(seed % 2))).judgement
    assert sorts.reason == Reason.WRONG_DISTRIBUTION


def test_few_orders_of_a_short_list_are_no_few_seeds() -> None:
    """Three items have six orders: they come again whatever the seeds are."""
    items = [1, 2, 3]
    case = CaseFacts(name="case", arguments={"items": items}, expected=items)

    def rotated(items: list[int], seed: int) -> list[int]:  # three of the six orders
        by = random.Random(seed).randrange(len(items))
        return items[by:] + items[:by]

    judgement = play(build("permutation_sampler", {}), case, lambda: rotated).judgement
    assert (judgement.reason, judgement.evidence["cause"]) == (Reason.WRONG_DISTRIBUTION, "distribution")
    assert "not every order is equally probable" in judgement.message


def test_the_order_of_a_set_says_nothing() -> None:
    page = PAGES["without_replacement"]

    def program(seed: int, **arguments: Any) -> list[int]:
        return sorted(page.right(seed=seed, **arguments))

    assert judged("without_replacement", program, ordered=False).accepted
    assert judged("without_replacement", program).reason == Reason.WRONG_DISTRIBUTION


# --- keys


@pytest.mark.parametrize(
    ("name", "parameters", "expected", "message"),
    [
        ("continuous", {}, {}, "law: expected one family and its parameters, found none"),
        ("continuous", {}, {"normal": {"mean": 0.0}}, "law: normal: expected mean, sd and perhaps minimum or maximum"),
        (
            "continuous",
            {},
            {"normal": {"mean": 0.0, "sd": 0.0}},
            "law: normal: sd: expected a positive number, found 0.0",
        ),
        ("continuous", {}, {"normal": {"mean": 0.0, "var": 1.0}}, "found 'var'"),
        ("continuous", {}, {"norm": {"mean": 0.0, "sd": 1.0}}, "found 'norm'"),
        ("continuous", {}, {"lognormal": {"mu": 800.0, "sigma": 1.0}}, "expected quantiles that a float can hold"),
        (
            "continuous",
            {},
            {"normal": {"mean": 0.0, "sd": 1.0, "minimum": 50.0}},
            "expected probability between 50.0 and",
        ),
        (
            "continuous",
            {},
            {"gamma": {"shape": 0.001, "scale": 1.0}},
            "of probability between neighbouring floats, found",
        ),
        ("continuous", {}, {"pareto": {"shape": 0.02, "scale": 1.0}}, "expected quantiles that a float can hold"),
        (
            "continuous",
            {},
            {"uniform": {"low": 0.0, "high": 1.0, "minimum": 2.0}},
            "law: uniform: expected minimum < maximum within the support, found 2.0 and 1.0",
        ),
        (
            "continuous",
            {"law": "table"},
            np.array([[0.0, 0.0], [0.0, 1.0]]),
            "law[1]: expected an x above 0.0, found 0.0",
        ),
        ("continuous", {"law": "table"}, np.array([[0.0, 0.1], [1.0, 1.0]]), "expected F to run from 0 to 1"),
        (
            "continuous",
            {"law": "table"},
            np.array([[0.0, 0.0], [1.0, 0.5], [2.0, 0.4]]),
            "law[2]: expected an F of at least",
        ),
        (
            "continuous",
            {"law": "table"},
            np.array([[0.0, 0.0], [1.0, 0.9], [1.0 + 1e-12, 0.91], [2.0, 1.0]]),
            "law[2]: expected an x that floats can tell apart from 1.0, found",
        ),
        ("permutation_sampler", {}, [1], "expected 2 to 256 items, found 1"),
        ("permutation_sampler", {}, [1, 1], "expected items that are not all equal"),
        ("without_replacement", {"draws": 3}, [1.0, 2.0, 0.0], "expected at least 3 positive weights, found 2"),
        ("without_replacement", {"draws": 1}, [1.0, -2.0], "weights[1]: expected a finite number that is not negative"),
        ("without_replacement", {"draws": 1}, [1.0, 1e-13], "weights[1]: expected 0 or at least 1e-12 of the largest"),
        ("without_replacement", {"draws": 2, "ordered": False}, [1.0, 1.0], "expected more than one possible answer"),
        (
            "without_replacement",
            {"draws": 11, "ordered": False},
            [float(i + 1) for i in range(20)],
            "expected at most 10 draws of unequal weights with ordered: false, found 11",
        ),
        (
            "random_walk",
            {"start": "n"},
            np.array([[0.5, 0.6], [0.0, 0.0]]),
            "law[0]: expected a sum of at most 1, found 1.1",
        ),
        ("random_walk", {"start": "n"}, np.array([[1.0, 0.0], [0.0, 1.0]]), "expected walks that end, found 1 of them"),
        ("random_walk", {"start": "n", "steps": 5}, np.array([[0.0, 1.0], [1.0, 0.0]]), "expected a choice somewhere"),
        ("random_walk", {"start": "n"}, np.array([[0.5]]), "start: expected a node from 0 to 0, found 1"),
    ],
)
def test_a_key_that_cannot_be_judged_by_says_why(name: str, parameters: Any, expected: Any, message: str) -> None:
    case = CaseFacts(name="case", arguments={"n": 1 if len(expected) == 1 else 0}, expected=expected)
    checker: Any = build(name, parameters)
    with pytest.raises(ValueError, match=re.escape(message)):
        checker.check_key(case)


@pytest.mark.parametrize(
    ("arguments", "parameters", "message"),
    [
        (
            {"items": [1, 2, 3]},
            {},
            "expected the items of the argument 'items' in their order, [1, 2, 3], found [2, 1]",
        ),
        ({"items": [1, 2]}, {"items": "items"}, "expected the items of the argument 'items' in their order, [1, 2]"),
        ({"items": [True, False]}, {}, None),  # of another kind
        ({"items": [1, 2], "others": [2, 1]}, {}, None),  # either could hold them
        ({"items": [1, 2], "others": [2, 1]}, {"items": "others"}, None),
        ({"items": [1, 2], "others": [2, 1]}, {"items": "items"}, "expected the items of the argument 'items'"),
        ({"sizes": [5, 5, 5]}, {"items": ""}, None),
        ({"sizes": [5, 5, 5]}, {}, "with items: '' no argument holds them"),
        ({"n": 2}, {}, None),
    ],
)
def test_a_key_that_is_not_made_of_the_items_is_refused(arguments: Any, parameters: Any, message: str | None) -> None:
    checker: Any = build("permutation_sampler", parameters)
    case = CaseFacts(name="case", arguments=arguments, expected=[2, 1])
    if message is None:
        checker.check_key(case)
        return
    with pytest.raises(ValueError, match=re.escape(message)):
        checker.check_key(case)


def test_the_items_are_an_argument_of_the_return_type() -> None:
    checker: Any = build("permutation_sampler", {"items": "pins"})
    for parameters in ({"items": "list[int]"}, {"pins": "list[str]"}):
        with pytest.raises(ValueError, match="'pins'"):
            checker.expected_type(signature("list[int]", seed="int", **parameters))
    assert checker.expected_type(signature("list[int]", seed="int", pins="list[int]"))


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("continuous", {"draws": 0}, "checker 'continuous': draws: expected an integer from 1 to 10000, found 0"),
        ("continuous", {"law": "pdf"}, "checker 'continuous': law: expected 'named' or 'table', found 'pdf'"),
        ("without_replacement", {}, "checker 'without_replacement' needs the parameter 'draws'"),
        ("without_replacement", {"draws": 2, "ordered": 1}, "ordered: expected true or false, found 1"),
        ("random_walk", {"steps": -1}, "checker 'random_walk': steps: expected an integer from 0 to 256, found -1"),
        ("permutation_sampler", {"alpha": 0.6}, "checker 'permutation_sampler': alpha: expected a number from"),
    ],
)
def test_parameters_out_of_range_are_refused(name: str, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        build(name, parameters)


def signature(returns: str, **parameters: str) -> Signature:
    given = tuple(Parameter(name=name, type=parse_type(text)) for name, text in parameters.items())
    return Signature(parameters=given, returns=parse_type(returns))


@pytest.mark.parametrize(
    ("name", "parameters", "fits", "expected"),
    [
        ("continuous", {}, signature("float", seed="int"), "dict[str, dict[str, float]]"),
        (
            "continuous",
            {"draws": "k", "law": "table"},
            signature("list[float]", k="int", seed="int"),
            "array[float64, (k, 2)]",
        ),
        ("continuous", {}, signature("array[float64, (m,)]", seed="int"), "dict[str, dict[str, float]]"),
        ("permutation_sampler", {}, signature("list[tuple[int, str]]", seed="int"), "list[tuple[int, str]]"),
        ("without_replacement", {"draws": 2}, signature("list[int]", seed="int"), "list[float]"),
        ("random_walk", {}, signature("list[int]", start="int", seed="int"), "array[float64, (n, n)]"),
    ],
)
def test_the_type_of_the_key(name: str, parameters: dict[str, Any], fits: Signature, expected: str) -> None:
    checker: Any = build(name, parameters)
    assert str(checker.expected_type(fits)) == expected


@pytest.mark.parametrize(
    ("name", "parameters", "misfit", "message"),
    [
        ("continuous", {}, signature("int", seed="int"), "expected a return type of float, list[float] or array"),
        (
            "continuous",
            {"draws": 2},
            signature("float", seed="int"),
            "draws: expected 1 for a function that returns float",
        ),
        (
            "continuous",
            {"draws": "k"},
            signature("list[float]", seed="int"),
            "expected a parameter 'k' of type int, found seed",
        ),
        ("permutation_sampler", {}, signature("list[dict[str, int]]", seed="int"), "found list[dict[str, int]]"),
        (
            "without_replacement",
            {"draws": 2},
            signature("list[int]", seed="str"),
            "parameter 'seed' to have type int, found str",
        ),
        ("random_walk", {}, signature("list[int]", seed="int"), "expected a parameter 'start' of type int, found seed"),
    ],
)
def test_a_signature_that_does_not_fit_says_why(name: str, parameters: Any, misfit: Signature, message: str) -> None:
    checker: Any = build(name, parameters)
    with pytest.raises(ValueError, match=re.escape(message)):
        checker.expected_type(misfit)


def test_alternatives_must_be_laws_of_the_same_size() -> None:
    for name, wrong, message in (
        (
            "continuous",
            {"normal": {"mean": 0.0, "sd": -1.0}},
            "alternative 'wrong': law: normal: sd: expected a positive number",
        ),
        ("without_replacement", WEIGHTS[1:], "alternative 'wrong': expected 8 weights, found 7"),
        ("random_walk", np.eye(3), "alternative 'wrong': expected shape (6, 6), found (3, 3)"),
        ("permutation_sampler", ITEMS, "expected no declared alternatives to the uniform law of orders, found wrong"),
    ):
        with pytest.raises(ValueError, match=re.escape(message)):
            PAGES[name].checker.check_key(replace(PAGES[name].case, alternatives={"wrong": wrong}))


@pytest.mark.parametrize("name", ["continuous", "without_replacement", "random_walk"])
def test_an_alternative_that_is_the_law_is_left_out(name: str) -> None:
    page = PAGES[name]
    alternatives = {"same": page.case.expected, "other": ALTERNATIVES[name]}
    assert list(page.checker.alternatives(replace(page.case, alternatives=alternatives))) == ["other"]


def test_a_known_mistake_is_named() -> None:
    page = PAGES["continuous"]
    case = replace(page.case, alternatives={"scale-for-rate": {"exponential": {"rate": 0.4}}})
    wrong = play(page.checker, case, lambda: lambda rate, count, seed: page.right(0.4, count, seed)).judgement
    assert "the draws look like a known mistake: scale-for-rate" in wrong.message


# --- what they promise

ALTERNATIVES = {
    "continuous": {"exponential": {"rate": 3.0}},
    "without_replacement": [1.0] * 8,
    "random_walk": np.full((6, 6), 1 / 6),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_sizing_names_alpha_calls_a_defect_and_the_powers(name: str) -> None:
    page = PAGES[name]
    alternatives = {"wrong": ALTERNATIVES[name]} if name in ALTERNATIVES else {}
    checker = replace(page.checker, calls=60).for_cases(2)
    assert isinstance(checker, Sized)
    assert isinstance(checker, SeriesChecker)
    sizing = checker.sizing(replace(page.case, alternatives=alternatives), b"s" * 32, 4)
    assert (sizing.alpha, sizing.calls) == (5e-7, 60)
    assert 0 < sizing.smallest_defect <= 1 or sizing.smallest_defect == math.inf
    assert [power.simulations for power in sizing.powers] == [4] * (len(alternatives) or 7)
    assert sizing.powers[0].rejected == (4 if alternatives else 0)  # 14 items: swaps are not found in 60 calls
    again = checker.sizing(replace(page.case, alternatives=alternatives), b"s" * 32, 4)
    assert again == sizing


def test_a_declared_law_is_found_sooner_than_an_undeclared_one() -> None:
    page = PAGES["continuous"]
    rng = np.random.default_rng(1)
    draws = [rng.exponential(1 / 2.3, 20) for _ in range(300)]
    wrong = {"rate 2.3": {"exponential": {"rate": 2.3}}}
    subject = page.checker.subject(page.case)
    needed = []
    for alternatives in ({}, page.checker.alternatives(replace(page.case, alternatives=wrong))):
        evidence = subject.evidence(alternatives, alpha=1e-6, calls=300, run=1)
        evidence.observe(subject.block(draws, None))
        needed.append(evidence.rejected_at)
    assert needed[1] < needed[0]
