"""The checker ``coverage``: intervals right and wrong, the data it draws, its page's examples."""

from __future__ import annotations

import math
import random
import re
import statistics
from typing import Any

import numpy as np
import pytest
from scipy import stats

from judge.checkers.contract import CaseFacts, SeriesChecker
from judge.checkers.coverage import Coverage
from judge.checkers.evidence.populations import LAWS, check_law, draw
from judge.checkers.sizing import Sized
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason
from judge.stats.coverage import normal_miss
from judge.stats.streams import Stream
from tests.unit.checkers.pages import examples, outcome
from tests.unit.checkers.series_driver import play

PAGE = CaseFacts(name="page", arguments={}, expected=(2.0, 1.3, {"sample": ("exponential", [2.0], 25)}))
CHECKER = Coverage(data="sample", level=0.9, slack=0.05)
GROUPS = CaseFacts(
    name="groups",
    arguments={"z": 1.96},
    expected=(0.5, 0.55, {"a": ("normal", [1.0, 1.0], 100), "b": ("normal", [1.5, 1.0], 100)}),
)


def student(sample: list[float]) -> tuple[float, float]:
    half = 1.711 * statistics.stdev(sample) / math.sqrt(len(sample))
    return statistics.fmean(sample) - half, statistics.fmean(sample) + half


def difference(z: float, a: list[float], b: list[float], seed: int) -> tuple[float, float]:
    half = z * math.sqrt(statistics.variance(a) / len(a) + statistics.variance(b) / len(b))
    middle = statistics.fmean(b) - statistics.fmean(a) + 1e-4 * random.Random(seed).random()
    return middle - half, middle + half


def judged(function: Any, case: CaseFacts = PAGE, checker: Coverage = CHECKER) -> Any:
    return play(checker, case, lambda: function)


@pytest.mark.parametrize(("expected", "source"), examples("coverage"))
def test_an_example_is_judged_as_the_page_says(expected: str, source: str) -> None:
    assert outcome(CHECKER, PAGE, source, "interval") == expected


def test_it_is_a_series_checker_that_states_what_it_promises() -> None:
    assert isinstance(CHECKER, SeriesChecker)
    assert isinstance(CHECKER, Sized)


def test_every_call_has_fresh_data_and_the_secret_decides_them() -> None:
    calls = judged(student).calls
    samples = {tuple(call.changes["sample"]) for call in calls}
    assert len(samples) == len(calls) == 400
    assert {len(sample) for sample in samples} == {25}
    again = play(CHECKER, PAGE, lambda: student).calls
    assert [call.changes for call in again] == [call.changes for call in calls]
    other = play(CHECKER, PAGE, lambda: student, secret=bytes(32)).calls
    assert not samples & {tuple(call.changes["sample"]) for call in other}


def test_groups_of_an_experiment_and_a_seed() -> None:
    checker = Coverage(data=["a", "b"], seed="seed")
    assert checker.absent_parameters() == {"a", "b", "seed"}
    played = judged(difference, GROUPS, checker)
    assert played.judgement.accepted
    assert {call.box for call in played.calls} == {0, 1}
    assert played.judgement.evidence["trials"] == 380

    def wrong(z: float, a: list[float], b: list[float], seed: int) -> tuple[float, float]:
        return difference(z, b, a, seed)

    assert judged(wrong, GROUPS, checker).judgement.reason is Reason.WRONG_DISTRIBUTION

    def unseeded(z: float, a: list[float], b: list[float], seed: int) -> tuple[float, float]:
        return difference(z, a, b, random.randrange(100))

    assert judged(unseeded, GROUPS, checker).judgement.reason is Reason.NOT_REPRODUCIBLE


@pytest.mark.parametrize(
    ("interval", "reason"),
    [
        ((-1e308, 1e308), Reason.NOT_OPTIMAL),
        ((-1.8e1, 2.2e1), Reason.NOT_OPTIMAL),
        ((2.0, 2.0), None),
        ((1.9, 1.99), Reason.WRONG_DISTRIBUTION),
        ((math.nan, 1.0), Reason.NOT_FINITE),
        ((1.0, math.inf), Reason.NOT_FINITE),
        ((2.0, 1.0), Reason.NOT_VALID),
    ],
)
def test_intervals_that_look_at_no_data(interval: tuple[float, float], reason: Reason | None) -> None:
    assert judged(lambda sample: interval).judgement.reason is reason


def test_the_slack_forgives_as_much_as_it_says() -> None:
    def covers_90_percent(sample: list[float]) -> tuple[float, float]:
        return (5.0, 6.0) if sample[0] < -2 * math.log(0.9) else (1.5, 2.5)

    strict, lenient = (Coverage(data="sample", level=0.95, slack=slack, calls=1200) for slack in (0.0, 0.05))
    assert judged(covers_90_percent, PAGE, strict).judgement.reason is Reason.WRONG_DISTRIBUTION
    assert judged(covers_90_percent, PAGE, lenient).judgement.accepted


def test_messages_tell_counts_and_not_the_truth() -> None:
    message = judged(lambda sample: (0.0, 1.0)).judgement.message
    assert re.match(r"(\d+) of \1 intervals missed the truth \(evidence", message)
    assert re.match(
        r"the mean width of \d+ intervals is 40: too wide", judged(lambda sample: (-20.0, 20.0)).judgement.message
    )


def test_the_sizing_knows_a_normal_quantile_for_a_lower_level() -> None:
    data = {"sample": ("normal", [0.0, 1.0], 25)}
    case = CaseFacts(
        name="c",
        arguments={},
        expected=(0.0, 1.0, data),
        alternatives={"half as wide": (0.0, 0.5, data), "twice": (0.0, 2.0, data), "moved": (0.5, 1.0, data)},
    )
    few, many = (Coverage(data="sample", calls=calls).sizing(case, bytes(32), 40) for calls in (200, 1600))
    assert 0 < many.smallest_defect < few.smallest_defect < 0.2
    assert [power.rejected for power in many.powers] == [40, 40, 40]


def test_the_normal_approximation_of_misses() -> None:
    assert normal_miss(0.95, 1.0, 0.0) == pytest.approx(0.05)
    assert normal_miss(0.95, 0.8416212 / 1.959964, 0.0) == pytest.approx(0.4, abs=1e-6)
    assert normal_miss(0.95, 1.0, 0.5) == pytest.approx(0.5, abs=1e-4)
    assert normal_miss(0.95, math.inf, 0.0) == 0.0


SCIPY: dict[str, tuple[list[float], Any]] = {
    "uniform": ([2.0, 3.0], stats.uniform(2, 3)),
    "normal": ([1.0, 2.0], stats.norm(1, 2)),
    "lognormal": ([0.5, 0.7], stats.lognorm(0.7, scale=math.exp(0.5))),
    "exponential": ([3.0], stats.expon(scale=3)),
    "laplace": ([1.0, 2.0], stats.laplace(1, 2)),
    "gamma": ([2.0, 3.0], stats.gamma(2, scale=3)),
    "beta": ([2.0, 5.0], stats.beta(2, 5)),
    "student_t": ([5.0, 1.0, 2.0], stats.t(5, 1, 2)),
    "bernoulli": ([0.3], stats.bernoulli(0.3)),
    "poisson": ([4.0], stats.poisson(4)),
}


@pytest.mark.parametrize("law", LAWS)
def test_a_law_is_that_of_its_name(law: str) -> None:
    parameters, known = SCIPY[law]
    check_law(law, parameters)
    drawn = draw(law, parameters, 20_000, Stream(bytes(32), law))
    for point in np.quantile(drawn, [0.02, 0.3, 0.5, 0.9]):
        share, expected = (drawn <= point).mean(), known.cdf(point)
        assert abs(share - expected) < 5 * math.sqrt(expected * (1 - expected) / len(drawn)) + 1e-9
    assert np.isfinite(LAWS[law].inverse(np.array([2.0**-54, 1 - 2.0**-53]), *parameters)).all()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"data": []}, "data: expected different names of parameters, found []"),
        ({"data": ["a", "a"]}, "data: expected different names of parameters, found ['a', 'a']"),
        ({"data": ["a b"]}, "data: expected the name of a parameter, found 'a b'"),
        ({"data": "a", "level": 1.0}, "level: expected a finite number from 0.01 to 0.999999, found 1.0"),
        ({"data": "a", "slack": 0.95}, "slack: expected a finite number from 0 to 0.945, found 0.95"),
        ({"data": "a", "wide": 0.5}, "wide: expected a finite number from 1 to 1e+06, found 0.5"),
    ],
)
def test_a_parameter_out_of_range_is_refused(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Coverage(**parameters)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ((math.nan, 1.0, {}), "truth: expected a finite number, found nan"),
        ((0.0, 0.0, {}), "width: expected a finite number from"),
        ((0.0, 1.0, {}), "data: expected laws for sample, found none"),
        ((0.0, 1.0, {"sample": ("gauss", [], 5)}), "expected a law of uniform, normal,"),
        ((0.0, 1.0, {"sample": ("normal", [1.0], 5)}), "normal: expected the parameters mean, sd, found [1.0]"),
        ((0.0, 1.0, {"sample": ("normal", [1.0, 0.0], 5)}), "normal: sd: expected a number above 0, found 0.0"),
        ((0.0, 1.0, {"sample": ("bernoulli", [1.0], 5)}), "p: expected a number above 0 and below 1, found 1.0"),
        ((0.0, 1.0, {"sample": ("normal", [0.0, 1.0], 0)}), "size of sample: expected an integer from 1"),
    ],
)
def test_a_key_that_cannot_be_is_refused(key: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        CHECKER.check_key(CaseFacts(name="c", arguments={}, expected=key))


@pytest.mark.parametrize(
    ("returns", "sample", "message"),
    [
        ("list[float]", "list[float]", "expected a return type of tuple[float, float], found list[float]"),
        ("tuple[float, float]", "list[int]", "expected the parameter 'sample' to have type list[float]"),
    ],
)
def test_a_signature_that_does_not_fit_is_refused(returns: str, sample: str, message: str) -> None:
    signature = Signature(parameters=(Parameter(name="sample", type=parse_type(sample)),), returns=parse_type(returns))
    with pytest.raises(ValueError, match=re.escape(message)):
        CHECKER.expected_type(signature)
