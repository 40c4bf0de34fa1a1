"""The checker ``estimator``: what it accepts and rejects, and why; its page's examples."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from judge.checkers.contract import CaseFacts, SeriesChecker
from judge.checkers.estimator import Estimator
from judge.checkers.sizing import Sized
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason
from judge.stats.betting import AtMost, Evidence
from tests.unit.checkers.pages import examples, outcome
from tests.unit.checkers.series_driver import play

PI = CaseFacts(name="pi", arguments={"count": 200}, expected=math.pi)
CHECKER = Estimator(low=0, high=4, rmse=0.3, distinct=0.9, calls=300)
VECTOR = CaseFacts(name="shares", arguments={}, expected=[0.5, 0.3, 0.2])


def pi_of(count: int, seed: int) -> float:
    points = np.random.default_rng(seed).random((count, 2))
    return float(4 * np.mean((points**2).sum(axis=1) <= 1))


def shares(seed: int, p: tuple[float, ...] = (0.5, 0.3, 0.2)) -> list[float]:
    drawn = np.random.default_rng(seed).choice(3, p=p, size=50)
    return (np.bincount(drawn, minlength=3) / 50).tolist()


def judged(function: Callable[..., Any], case: CaseFacts = PI, checker: Estimator = CHECKER) -> Any:
    return play(checker, case, lambda: function)


@pytest.mark.parametrize(("expected", "source"), examples("estimator"))
def test_an_example_is_judged_as_the_page_says(expected: str, source: str) -> None:
    assert outcome(CHECKER, PI, source, "estimate_pi") == expected


def test_it_is_a_series_checker_that_states_what_it_promises() -> None:
    assert isinstance(CHECKER, SeriesChecker)
    assert isinstance(CHECKER, Sized)


def test_a_right_estimator_is_asked_for_all_calls_in_two_processes() -> None:
    played = judged(pi_of)
    assert played.judgement.accepted
    assert len(played.calls) == 300
    assert {call.box for call in played.calls} == {0, 1}
    assert len({call.changes["seed"] for call in played.calls}) == 285
    assert played.judgement.evidence["trials"] == 285


def test_a_constant_is_accepted_only_near_the_truth_and_where_seeds_need_not_differ() -> None:
    free = Estimator(low=0, high=4)
    assert judged(lambda count, seed: math.pi, checker=free).judgement.accepted
    assert judged(lambda count, seed: pi_of(count, 4), checker=free).judgement.reason is Reason.WRONG_DISTRIBUTION
    judgement = judged(lambda count, seed: math.pi).judgement
    assert judgement.reason is Reason.DEPENDENT_DRAWS
    assert re.match(r"\d+ different seeds gave 1 different answers", judgement.message)


def test_one_wrong_number_of_many_is_found_and_named() -> None:
    checker = Estimator(low=0, high=1)
    assert judged(shares, VECTOR, checker).judgement.accepted
    judgement = judged(lambda seed: shares(seed, (0.5, 0.4, 0.1)), VECTOR, checker).judgement
    assert judgement.reason is Reason.WRONG_DISTRIBUTION
    assert re.search(r"the mean of number 2 is 0\.\d+, with a standard error of .*: too low", judgement.message)


def test_a_declared_bias_is_forgiven_and_a_larger_one_is_not() -> None:
    def biased(count: int, seed: int) -> float:
        return 0.9 * pi_of(count, seed)

    assert judged(biased, checker=Estimator(low=0, high=4, bias=0.35)).judgement.accepted
    assert not judged(biased, checker=Estimator(low=0, high=4, bias=0.05)).judgement.accepted


def test_without_rmse_the_spread_is_free() -> None:
    def one_point(count: int, seed: int) -> float:
        return pi_of(1, seed)

    assert judged(one_point, checker=Estimator(low=0, high=4)).judgement.accepted
    assert judged(one_point).judgement.reason is Reason.NOT_OPTIMAL


@pytest.mark.parametrize(
    ("answer", "reason", "message"),
    [
        ([0.5, 0.5], Reason.WRONG_SHAPE, "expected 3 numbers, found 2"),
        ([0.5, math.nan, 0.5], Reason.NOT_FINITE, "answer[1]: expected a finite number, found nan"),
        ([0.5, 0.3, math.inf], Reason.NOT_FINITE, "answer[2]: expected a finite number, found inf"),
        ([1.5, 0.3, 0.2], Reason.WRONG_SUPPORT, "answer[0]: expected a number from 0 to 1, found 1.5"),
    ],
)
def test_what_no_right_estimate_is(answer: list[float], reason: Reason, message: str) -> None:
    played = judged(lambda seed: answer, VECTOR, Estimator(low=0, high=1))
    assert (played.judgement.reason, played.judgement.message) == (reason, message)
    assert len(played.calls) == 1


def test_the_order_of_additions_does_not_make_it_irreproducible() -> None:
    flips = iter(range(10_000))
    assert judged(lambda count, seed: pi_of(count, seed) + 1e-13 * (next(flips) % 2)).judgement.accepted
    flips = iter(range(10_000))
    assert judged(lambda count, seed: pi_of(count, seed) + 1e-7 * (next(flips) % 2)).judgement.reason is (
        Reason.NOT_REPRODUCIBLE
    )


def test_the_truth_is_in_no_message_and_no_evidence() -> None:
    judgement = judged(lambda count, seed: 0.9 * pi_of(count, seed)).judgement
    del judgement.evidence["e_curve"]
    assert "3.14" not in judgement.message + repr(judgement.evidence)


def test_the_error_rate_is_shared_out_among_the_cases() -> None:
    assert CHECKER.for_cases(4).alpha == CHECKER.alpha / 4


def test_the_sizing_finds_a_smaller_defect_with_more_calls_and_a_declared_wrong_one() -> None:
    case = CaseFacts(
        name="pi", arguments={}, expected=math.pi, alternatives={"grid": 2.96, "pi": math.pi, "near": 3.14}
    )
    few, many = (Estimator(low=0, high=4, rmse=0.2, calls=calls).sizing(case, bytes(32), 50) for calls in (100, 800))
    assert many.smallest_defect < few.smallest_defect < 0.4
    assert [power.alternative for power in many.powers] == ["grid", "near"]
    assert [power.rejected for power in many.powers] == [50, 0]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"low": 1, "high": 1}, "high: expected a number above low = 1, found 1"),
        ({"low": 0, "high": math.inf}, "high: expected a finite number, found inf"),
        ({"low": 0, "high": 1, "bias": -1}, "bias: expected a finite number from 0 to inf, found -1"),
        ({"low": 0, "high": 1, "rmse": 2}, "rmse: expected a finite number from 1e-09 to 1, found 2"),
        ({"low": 0, "high": 1, "alpha": 0.6}, "alpha: expected a number from 1e-300 to 0.5, found 0.6"),
        ({"low": 0, "high": 1, "calls": 7}, "calls: expected an integer from 8 to 100000, found 7"),
        ({"low": 0, "high": 1, "seed": "a b"}, "seed: expected the name of a parameter, found 'a b'"),
    ],
)
def test_a_parameter_out_of_range_is_refused(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Estimator(**parameters)


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        (5.0, "expected numbers from 0 to 4, found 5.0"),
        (math.nan, "expected numbers from 0 to 4, found nan"),
        ([], "expected at least one number, found none"),
    ],
)
def test_a_truth_that_cannot_be_is_refused(expected: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Estimator(low=0, high=4).check_key(CaseFacts(name="c", arguments={}, expected=expected))


def test_a_bias_that_nothing_can_exceed_is_refused() -> None:
    with pytest.raises(ValueError, match="bias: expected less than the range leaves beside the truth, found 3"):
        Estimator(low=0, high=4, bias=3).check_key(CaseFacts(name="c", arguments={}, expected=2.0))


@pytest.mark.parametrize(
    ("returns", "seed", "message"),
    [
        ("int", "int", "expected a return type of float or list[float], found int"),
        ("float", "float", "expected the parameter 'seed' to have type int, found float"),
    ],
)
def test_a_signature_that_does_not_fit_is_refused(returns: str, seed: str, message: str) -> None:
    signature = Signature(parameters=(Parameter(name="seed", type=parse_type(seed)),), returns=parse_type(returns))
    with pytest.raises(ValueError, match=re.escape(message)):
        CHECKER.expected_type(signature)


def test_a_bet_has_an_expectation_of_one_at_the_bound_and_below_one_under_it() -> None:
    for mean, x in ((0.3, (0.0, 1.0)), (0.05, (0.0, 1.0)), (0.6, (0.4, 1.0))):
        high = (mean - x[0]) / (x[1] - x[0])  # the probability of x[1] under which the mean is the bound
        for probability, limit in ((high, 1.0), (0.5 * high, 1.0)):
            capitals = [float(np.exp(AtMost("m", np.array([mean])).advance(np.array([[value]]))[0])) for value in x]
            expectation = (1 - probability) * capitals[0] + probability * capitals[1]
            assert expectation == pytest.approx(limit) if probability == high else expectation < limit


def test_the_evidence_does_not_depend_on_how_calls_are_cut_into_blocks() -> None:
    values = np.random.default_rng(1).random((60, 2))

    def path(block: int) -> list[float]:
        evidence = Evidence([AtMost("a", np.array([0.4, 0.5])), AtMost("b", np.array([0.45, 0.5]))], 1e-2)
        for begin in range(0, 60, block):
            evidence.observe(values[begin : begin + block], 1 - values[begin : begin + block])
        return evidence.path

    assert path(1) == pytest.approx(path(60))
    assert path(7) == pytest.approx(path(60))
