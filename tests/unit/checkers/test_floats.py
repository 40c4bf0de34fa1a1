"""The checker ``float``."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from judge.checkers.contract import CaseFacts
from judge.checkers.floats import Floats
from judge.checkers.numeric import NumberRule
from judge.checkers.tolerances import Band
from judge.model.signature import Signature
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason

STEADY = settings(derandomize=True, database=None, deadline=None, max_examples=150)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
TINY = 5e-324
HUGE = 1.7976931348623157e308


def _case(expected: Any) -> CaseFacts:
    return CaseFacts(name="case", arguments={}, expected=expected)


def _verdict(expected: Any, answer: Any, **parameters: Any) -> str:
    judgement = Floats(**parameters).check(_case(expected), answer)
    return "accepted" if judgement.accepted else str(judgement.reason)


# The values of the table in which float checkers of the field contradict each other, at 1e-6, and what this one says.
@pytest.mark.parametrize(
    ("returns", "expected", "answer", "verdict"),
    [
        ("float", 1.0, 1.0000011, "wrong_value"),  # the sum rule is twice as loose
        ("float", 1e6, 1000000.9, "accepted"),  # an absolute tolerance alone refuses it
        ("int", 10**18, 10**18 + 999999, "wrong_value"),  # integers never go through a float
        ("float", 1e18, 1e18 + 999999, "accepted"),
        ("float", 1e-9, 0.0, "accepted"),  # by atol
        ("float", 1e-300, 2e-300, "accepted"),
        ("str", "YES", "yes", "wrong_value"),
        ("float", 1.0, 1, "accepted"),
        ("float", 1.0, math.nan, "not_finite"),
        ("float", 1.0, math.inf, "not_finite"),
        ("int", 10**400, 10**400, "accepted"),
        ("int", 10**400, 10**400 + 1, "wrong_value"),
    ],
)
def test_decides_the_cases_that_the_field_disputes(
    judged: Any, returns: str, expected: Any, answer: Any, verdict: str
) -> None:
    checker = {"name": "float", "rtol": 1e-6, "atol": 1e-6}
    judgement = judged(checker, f"tuple[float, {returns}]", (0.0, expected), (0.0, answer))
    assert ("accepted" if judgement.accepted else judgement.reason) == verdict


@pytest.mark.parametrize("reference", [math.nan, math.inf, -math.inf])
def test_a_reference_that_is_not_finite_is_an_error_unless_declared(judged: Any, reference: float) -> None:
    name = "nan" if math.isnan(reference) else "inf"
    with pytest.raises(ValueError, match=rf"expected\[1\] is {name}: expected a finite number, or '{name}: match'"):
        judged({"name": "float"}, "list[float]", [0.0, reference], [0.0, reference])
    assert judged({"name": "float", name: "match"}, "list[float]", [0.0, reference], [0.0, reference]).accepted


@pytest.mark.parametrize(
    ("reference", "answer", "verdict"),
    [
        (math.nan, math.nan, "accepted"),
        (math.nan, 0.0, "wrong_value"),
        (math.nan, math.inf, "wrong_value"),
        (math.inf, math.inf, "accepted"),
        (math.inf, -math.inf, "wrong_value"),
        (math.inf, HUGE, "wrong_value"),
        (math.inf, math.nan, "wrong_value"),
        (HUGE, math.inf, "not_finite"),
        (0.0, math.nan, "not_finite"),
    ],
)
def test_classes_are_decided_before_arithmetic(reference: float, answer: float, verdict: str) -> None:
    assert _verdict([1.0, reference], [1.0, answer], nan="match", inf="match", atol=1e300, rtol=0.9) == verdict


@pytest.mark.parametrize(
    ("reference", "rtol", "atol", "limit"),
    [
        (1.0, 2.0**-20, 0.0, 1.0 + 2.0**-20),
        (-1.0, 2.0**-20, 0.0, -1.0 - 2.0**-20),
        (1024.0, 2.0**-20, 2.0**-12, 1024.0 + 2.0**-10),  # the larger of the two
        (1024.0, 2.0**-30, 2.0**-12, 1024.0 + 2.0**-12),
        (0.0, 0.875, 0.25, 0.25),
        (0.0, 0.0, TINY, TINY),
        (2.0**-1060, 0.5, 0.0, 2.0**-1060 + 2.0**-1061),  # subnormal
        (1.0, 0.0, 0.0, 1.0),
    ],
)
def test_the_tolerance_itself_is_accepted_and_the_next_number_is_not(
    reference: float, rtol: float, atol: float, limit: float
) -> None:
    outward = math.nextafter(limit, math.copysign(math.inf, limit - reference if limit != reference else limit))
    assert _verdict(reference, limit, rtol=rtol, atol=atol) == "accepted"
    assert _verdict(reference, outward, rtol=rtol, atol=atol) == "wrong_value"


def test_the_sum_rule_is_not_used() -> None:
    assert _verdict(1.0, 1.0 + 1.5e-6, rtol=1e-6, atol=1e-6) == "wrong_value"


def test_the_tolerance_is_relative_to_the_reference_and_not_to_the_answer() -> None:
    assert _verdict(1.0, 1.06, rtol=0.0599, atol=0.0) == "wrong_value"
    assert _verdict(1.06, 1.0, rtol=0.0599, atol=0.0) == "accepted"


def test_zero_is_not_accepted_for_a_tiny_reference_without_atol() -> None:
    assert _verdict(1e-300, 0.0, atol=0.0) == "wrong_value"
    assert _verdict(TINY, 0.0, atol=0.0) == "wrong_value"
    assert _verdict(TINY, 2 * TINY, atol=0.0) == "wrong_value"


@pytest.mark.parametrize(
    ("reference", "answer", "rtol", "verdict"),
    [
        (-1e308, 1e308, 1e-6, "wrong_value"),
        (-1e308, 1e308, 1.99, "wrong_value"),  # error and tolerance both beyond the largest double
        (-1e308, 1e308, 2.0, "accepted"),
        (-HUGE, HUGE, 1.999, "wrong_value"),
        (-HUGE, HUGE, 2.0, "accepted"),
        (HUGE, 0.0, 0.999, "wrong_value"),
        (HUGE, -HUGE, 1e300, "accepted"),
    ],
)
def test_errors_beyond_the_largest_double(reference: float, answer: float, rtol: float, verdict: str) -> None:
    rule = NumberRule(tolerance=Band(rtol=rtol, atol=0.0), nan="refuse", inf="refuse")  # no checker takes 1 or more
    judgement = rule.judge(answer, reference)
    assert ("accepted" if judgement.accepted else judgement.reason) == verdict


@pytest.mark.parametrize("rtol", [1, 1.0, 2.5, HUGE])
def test_a_relative_tolerance_by_which_zero_would_pass_is_refused(rtol: float) -> None:
    with pytest.raises(ValueError, match=r"rtol: expected a number of at least 0 and below 1, found .*: 0 would pass"):
        Floats(rtol=rtol)
    assert _verdict(1e9, 0.0, rtol=math.nextafter(1.0, 0.0)) == "wrong_value"


def test_errors_beyond_the_largest_double_against_an_absolute_tolerance() -> None:
    assert _verdict(-1e308, 1e308, rtol=0.0, atol=1.5e308) == "wrong_value"
    assert _verdict(-1e308, 0.7e308, rtol=0.0, atol=1.75e308) == "accepted"


def test_margin_and_evidence_say_where_the_worst_error_is(judged: Any) -> None:
    checker = {"name": "float", "rtol": 0.0, "atol": 0.5}
    judgement = judged(checker, "list[list[float]]", [[1.0, 2.0], [4.0]], [[1.0, 2.125], [4.25]])
    assert judgement.accepted
    assert judgement.margin == 0.5
    assert judgement.evidence == {
        "compared": 3,
        "outside": 0,
        "worst": "answer[1][0]",
        "abs_error": 0.25,
        "rel_error": 0.0625,
        "ulp_error": 2**48,
    }


def test_exact_answers_have_margin_zero_even_without_tolerance() -> None:
    judgement = Floats(rtol=0, atol=0).check(_case([0.0, 1.0]), [-0.0, 1.0])
    assert (judgement.accepted, judgement.margin, judgement.evidence) == (True, 0.0, {"compared": 2})
    assert Floats().check(_case([]), []).margin == 0.0


def test_an_error_without_tolerance_has_an_infinite_margin() -> None:
    judgement = Floats(rtol=0, atol=0).check(_case(1.0), math.nextafter(1.0, 2.0))
    assert (judgement.accepted, judgement.margin, judgement.evidence["ulp_error"]) == (False, math.inf, 1)


def test_a_message_counts_and_tells_nothing_of_the_reference(judged: Any) -> None:
    judgement = judged({"name": "float"}, "list[float]", [0.125, 7.0, 1.0], [5.5, 7.0, 1.5])
    assert judgement.message == (
        "answer[0] is 5.5: outside the tolerance (relative 1e-06, absolute 1e-09), as are 2 of 3 numbers in all"
    )


def test_everything_that_is_not_a_float_is_compared_exactly(judged: Any) -> None:
    returns = "dict[str, tuple[int, bool, str, Optional[float]]]"
    expected = {"a": (10**400, True, "x", 0.5), "b": (2**53, False, "y", None)}
    loose = {"name": "float", "rtol": 0.5, "atol": 1e300}
    assert judged(loose, returns, expected, {"b": (2**53, False, "y", None), "a": (10**400, True, "x", 0.6)}).accepted
    for wrong in [(10**400 + 1, True, "x", 0.5), (10**400, False, "x", 0.5), (10**400, True, "X", 0.5)]:
        assert judged(loose, returns, expected, {**expected, "a": wrong}).reason == Reason.WRONG_VALUE
    assert judged(loose, returns, expected, {**expected, "a": (10**400, True, "x", None)}).reason == Reason.WRONG_VALUE
    assert judged(loose, returns, expected, {**expected, "b": (2**53, False, "y", 0.0)}).reason == Reason.WRONG_VALUE


def test_lengths_are_exact_and_nothing_is_broadcast(judged: Any) -> None:
    for answer in ([], [1.0], [1.0, 1.0, 1.0]):
        assert judged({"name": "float"}, "list[float]", [1.0, 1.0], answer).reason == Reason.WRONG_SHAPE
    assert judged({"name": "float"}, "dict[str, float]", {"a": 1.0}, {"b": 1.0}).reason == Reason.WRONG_VALUE


@pytest.mark.parametrize("name", ["rtol", "atol"])
@pytest.mark.parametrize("value", [-1e-9, math.nan, math.inf, True, "1e-6", 10**400])
def test_a_tolerance_is_a_finite_number(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"{name}: expected a finite number of at least 0, found"):
        Floats(**{name: value})


@pytest.mark.parametrize(
    ("reference", "answer", "steps"),
    [
        (0.0, -0.0, 0),
        (0.0, TINY, 1),
        (TINY, -TINY, 2),
        (2.0**-1022, 2.0**-1022 - TINY, 1),
        (1.0, math.nextafter(1.0, 2.0), 1),
        (0.3, 0.1 + 0.2, 1),
        (HUGE, math.nextafter(HUGE, 0.0), 1),
    ],
)
def test_ulps_count_neighbours_through_zero_and_subnormals(reference: float, answer: float, steps: int) -> None:
    assert _verdict([1.0, reference], [1.0, answer], ulp=steps) == "accepted"
    if steps:
        assert _verdict([1.0, reference], [1.0, answer], ulp=steps - 1) == "wrong_value"
        assert Floats(ulp=2 * steps).check(_case(reference), answer).margin == 0.5


def test_no_step_leads_to_an_infinity() -> None:
    assert _verdict(HUGE, math.inf, ulp=1 << 20) == "not_finite"
    assert _verdict(1.0, math.nan, ulp=1 << 20, nan="match") == "not_finite"
    assert _verdict(math.inf, HUGE, ulp=1 << 20, inf="match") == "wrong_value"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"ulp": 1, "rtol": 0.0},
            "expected rtol and atol, or scale and factor and perhaps rtol, or ulp, found rtol, ulp",
        ),
        ({"ulp": 1.0}, "ulp: expected an integer from 0 to 1048576, found 1.0"),
        ({"ulp": -1}, "ulp: expected an integer from 0 to 1048576, found -1"),
    ],
)
def test_ulp_stands_alone_and_is_an_integer(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        Floats(**parameters)
    assert str(caught.value) == message


@pytest.mark.parametrize("name", ["nan", "inf"])
@pytest.mark.parametrize("value", ["equal", True, None, math.nan])
def test_a_policy_is_refuse_or_match(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"{name}: expected one of refuse, match, found"):
        Floats(**{name: value})


@pytest.mark.parametrize(
    ("returns", "message"),
    [
        ("list[int]", "expected a return type with a float, found list\\[int\\]: the checker 'exact'"),
        ("tuple[float, array[float64, (n,)]]", "expected a return type without arrays, .*: the checker 'array'"),
        ("dict[float, float]", "expected keys of bool, bytes, int, str or tuples of these, found dict"),
        ("list[dict[tuple[int, float], float]]", "expected keys of"),
    ],
)
def test_signatures_that_it_cannot_judge_are_refused(returns: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Floats().expected_type(Signature(parameters=(), returns=parse_type(returns)))


@STEADY
@given(FINITE, FINITE, st.floats(0, 1, exclude_max=True), st.floats(0, HUGE))
@example(-1e308, 1e308, 0.99, 0.0)
@example(TINY, 0.0, 0.5, 0.0)
@example(1.0, 1.1, 0.1, 0.1)
def test_agrees_with_rational_arithmetic_up_to_one_rounding(r: float, g: float, rtol: float, atol: float) -> None:
    error = abs(Fraction(g) - Fraction(r))
    limit = max(Fraction(atol), Fraction(rtol) * abs(Fraction(r)))
    slack = limit / 2**51 + Fraction(TINY)
    judgement = Floats(rtol=rtol, atol=atol).check(_case(r), g)
    if error <= limit - slack or error == 0:
        assert judgement.accepted
    if error > limit + slack:
        assert not judgement.accepted
    assert judgement.accepted == (judgement.margin is not None and judgement.margin <= 1)


@STEADY
@given(st.lists(FINITE, min_size=1), st.data())
def test_no_single_nan_or_infinity_passes(values: list[float], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(values) - 1))
    bad = data.draw(st.sampled_from([math.nan, math.inf, -math.inf]))
    judgement = Floats(rtol=0.9, atol=1e300, nan="match", inf="match").check(
        _case(values), [*values[:at], bad, *values[at + 1 :]]
    )
    assert (judgement.accepted, judgement.reason) == (False, Reason.NOT_FINITE)
    assert f"answer[{at}] is " in judgement.message


@STEADY
@given(st.lists(st.floats()), st.lists(st.floats()))
def test_judgements_are_json_and_agree_with_the_margin(values: list[float], answer: list[float]) -> None:
    judgement = Floats(nan="match", inf="match").check(_case(values), answer)
    json.dumps(judgement.evidence, allow_nan=False)
    if judgement.margin is not None:
        assert judgement.accepted == (judgement.margin <= 1)
    if len(values) != len(answer):
        assert judgement.reason is Reason.WRONG_SHAPE
