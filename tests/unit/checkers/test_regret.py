"""The checker ``regret``: policies against a bandit, faults of the environment, its page's examples."""

from __future__ import annotations

import math
import random
import re
from typing import Any

import pytest

from judge.checkers.contract import CaseFacts, SeriesAnswer, SeriesChecker
from judge.checkers.regret import Regret
from judge.checkers.sizing import Sized
from judge.model.run import OracleRecord
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason
from tests.unit.checkers.bandit import play_bandit
from tests.unit.checkers.pages import examples

CASE = CaseFacts(name="bandit", arguments={"arms": 5, "rounds": 400}, expected=(60.0, 200.0, 400))
CHECKER = Regret(oracle="pull")


def answer(result: Any, pulls: int = 400) -> SeriesAnswer:
    return SeriesAnswer(value=None, audit=None, oracle=OracleRecord(calls={"pull": pulls}, result=result))


def judged(regrets: list[float]) -> Any:
    """The judgement on runs with these regrets, as many as are asked for, over and over."""
    series = CHECKER.open(CASE, bytes(32))
    while (call := series.next_call()) is not None:
        series.observe(call, answer({"regret": regrets[0]}))
        regrets = [*regrets[1:], regrets[0]]
    return series.judgement()


@pytest.mark.parametrize(("expected", "source"), examples("regret"))
def test_an_example_is_judged_as_the_page_says(expected: str, source: str) -> None:
    names: dict[str, Any] = {}
    exec(source, names)
    random.seed(5)
    played = play_bandit(CHECKER, CASE, names["choose"], best=0.8, others=0.3)
    assert (played.judgement.reason or "accepted") == expected


def test_it_is_a_series_checker_that_states_what_it_promises() -> None:
    assert isinstance(CHECKER, SeriesChecker)
    assert isinstance(CHECKER, Sized)


def test_the_mean_decides_and_not_single_regrets() -> None:
    judgement = judged([0.0, 0.0, 0.0, 200.0])
    assert judgement.accepted
    assert (judgement.evidence["trials"], judgement.evidence["mean_regret"]) == (60, 50.0)
    judgement = judged([100.0])
    assert judgement.reason is Reason.NOT_OPTIMAL
    assert re.match(r"over \d+ runs the mean regret is 100: too large", judgement.message)


def test_seeds_differ_where_the_function_takes_one() -> None:
    def policy(pull: Any, arms: int, rounds: int, key: int) -> None:
        for _ in range(rounds):
            pull(3)

    checker = Regret(oracle="pull", seed="key")
    assert checker.absent_parameters() == {"key"}
    calls = play_bandit(checker, CASE, policy, best=0.8, others=0.3).calls
    assert len({call.changes["key"] for call in calls}) == len(calls) == 60
    assert {call.box for call in calls} == {0}


@pytest.mark.parametrize("pulls", [0, 399, 401])
def test_a_run_that_does_not_play_all_rounds_is_refused(pulls: int) -> None:
    series = CHECKER.open(CASE, bytes(32))
    call = series.next_call()
    assert call is not None
    series.observe(call, answer({"regret": 0.0}, pulls))
    assert series.next_call() is None
    judgement = series.judgement()
    assert judgement.reason is Reason.NOT_VALID
    assert judgement.message == f"expected 400 calls of 'pull' in one run, found {pulls}"


@pytest.mark.parametrize(
    "result", [None, {}, {"regret": None}, {"regret": True}, {"regret": math.nan}, {"regret": -1}, {"regret": 200.1}]
)
def test_an_environment_without_a_right_regret_is_a_fault_of_its_own(result: Any) -> None:
    series = CHECKER.open(CASE, bytes(32))
    call = series.next_call()
    assert call is not None
    with pytest.raises(ValueError, match="expected the environment's result to hold a number 'regret' from 0 to 200"):
        series.observe(call, answer(result))
    with pytest.raises(ValueError, match="expected a record of the oracle 'pull', found none"):
        series.observe(call, SeriesAnswer(value=None, audit=None))


def test_rounding_just_outside_the_range_is_none() -> None:
    assert judged([-1e-9]).evidence["mean_regret"] == 0.0


def test_the_sizing_says_how_large_an_excess_is_found() -> None:
    case = CaseFacts(name="c", arguments={}, expected=(60.0, 200.0, 400), alternatives={"random": (160.0, 200.0, 400)})
    few, many = (Regret(oracle="pull", calls=calls).sizing(case, bytes(32), 40) for calls in (60, 600))
    assert 0 < many.smallest_defect < few.smallest_defect < 140
    assert (few.powers[0].alternative, few.powers[0].rejected) == ("random", 40)
    assert few.calls == 60


def test_the_error_rate_is_shared_out_among_the_cases() -> None:
    assert CHECKER.for_cases(4).alpha == CHECKER.alpha / 4


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ((0.0, 1.0, 5), "expected 0 < bound < largest, found bound 0.0 and largest 1.0"),
        ((2.0, 1.0, 5), "expected 0 < bound < largest, found bound 2.0 and largest 1.0"),
        ((math.nan, 1.0, 5), "bound: expected a finite number from 0 to inf, found nan"),
        ((0.5, 1.0, 0), "rounds: expected at least 1, found 0"),
    ],
)
def test_a_key_that_cannot_be_is_refused(key: tuple[float, float, int], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        CHECKER.check_key(CaseFacts(name="c", arguments={}, expected=key))


def test_a_signature_without_the_oracle_is_refused() -> None:
    signature = Signature(parameters=(Parameter(name="arms", type=parse_type("int")),), returns=parse_type("int"))
    with pytest.raises(ValueError, match="expected a parameter 'pull', found arms"):
        CHECKER.expected_type(signature)
