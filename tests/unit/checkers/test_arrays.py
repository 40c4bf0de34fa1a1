"""The checker ``array``."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from judge.checkers.arrays import Arrays
from judge.checkers.contract import CaseFacts
from judge.model.signature import Signature
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason

STEADY = settings(derandomize=True, database=None, deadline=None, max_examples=120)
EPS32, EPS64 = 2.0**-23, 2.0**-52
TINY = 5e-324


def _judge(expected: Any, answer: Any, **parameters: Any) -> Any:
    return Arrays(**parameters).check(CaseFacts(name="case", arguments={}, expected=expected), answer)


def _f64(*values: Any) -> Any:
    return np.array(values, np.float64)


def _f32(*values: Any) -> Any:
    return np.array(values, np.float32)


def test_one_rule_for_lists_and_arrays(judged: Any) -> None:
    checker = {"name": "array", "rtol": 1e-6, "atol": 1e-6}
    for expected, answer, accepted in [(1.0, 1.0000011, False), (1e6, 1000000.9, True), (1e-300, 2e-300, True)]:
        judgement = judged(checker, "array[float64, (n, 1)]", [[0.0], [expected]], [[0.0], [answer]])
        assert judgement.accepted is accepted


@pytest.mark.parametrize("shape", [(15,), (1,), (), (3, 5, 1), (1, 3, 5), (5, 3), (3, 1), (0,), (2, 5), (4, 5)])
def test_shapes_are_exact_and_nothing_is_broadcast(shape: tuple[int, ...]) -> None:
    judgement = _judge(np.ones((3, 5)), np.ones(shape), atol=1e300)
    assert (judgement.reason, judgement.margin) == (Reason.WRONG_SHAPE, None)
    assert judgement.message == f"answer: the shape {shape} is not the right one"


def test_dtypes_are_exact() -> None:
    assert _judge(_f64(1.0), _f32(1.0)).reason is Reason.WRONG_TYPE
    assert _judge(np.array([1]), np.array([True])).reason is Reason.WRONG_TYPE


def test_integers_and_bools_are_compared_exactly(judged: Any) -> None:
    returns = "tuple[array[float64, (n,)], array[int64, (n,)], array[bool, (n,)], int]"
    loose = {"name": "array", "atol": 1e9, "rtol": 0.9}
    expected = ([0.5, 1.0], [2**62, 1], [True, False], 10**30)
    assert judged(loose, returns, expected, ([9.5, 1.0], [2**62, 1], [True, False], 10**30)).accepted
    for part, wrong in [(1, [2**62 + 1, 1]), (2, [True, True]), (3, 10**30 + 1)]:
        answer = [*expected[:part], wrong, *expected[part + 1 :]]
        judgement = judged(loose, returns, expected, answer)
        assert judgement.reason == Reason.WRONG_VALUE
        assert judgement.message.startswith(f"answer[{part}]")


@pytest.mark.parametrize(
    ("scale", "accepted"),
    [("max", [True, True]), ("rms", [False, True]), ("row_max", [False, False])],
)
def test_scales(scale: str, accepted: list[bool]) -> None:
    expected = np.array([[4.0, 1.0], [1.0, 1.0]])
    rms = math.sqrt(19 / 4)
    for error, verdict in zip((4.0 * 4 * EPS64, rms * 4 * EPS64), accepted, strict=True):
        answer = expected.copy()
        answer[1, 1] += math.floor(error / EPS64) * EPS64
        assert _judge(expected, answer, scale=scale, factor=4).accepted is verdict


def test_a_row_of_its_own_scale() -> None:
    expected = np.array([[1e6, 1.0], [1.0, 0.5]])
    answer = expected + np.array([[0.0, 1e-4], [0.0, 0.0]])
    assert _judge(expected, answer, scale="row_max", factor=1e6).accepted
    assert not _judge(expected, answer[::-1].copy(), scale="row_max", factor=1e6).accepted
    assert not _judge(expected[::-1].copy(), expected[::-1] + answer - expected, scale="row_max", factor=1e5).accepted


def test_an_array_of_one_dimension_is_one_row() -> None:
    expected, answer = _f64(1024.0, 1.0), _f64(1024.0, 1.0 + 512 * EPS64)
    assert _judge(expected, answer, scale="row_max", factor=1).margin == 0.5


def test_float32_is_measured_in_double_precision() -> None:
    error = 1 - 2.0**-30  # is 1 in float32
    assert not _judge(_f32(1.0), _f32(1 - error), rtol=0, atol=1 - 2.0**-27).accepted
    assert _judge(_f32(3e38), _f32(-3e38), rtol=0, atol=6.1e38).accepted


def test_scale_accepts_an_honest_float32_product_and_no_wrong_one() -> None:
    rng = np.random.default_rng(7)
    a, b = rng.standard_normal((64, 256)), rng.standard_normal((256, 64))
    exact = (a @ b).astype(np.float32)
    honest = a.astype(np.float32) @ b.astype(np.float32)
    half = (a.astype(np.float16).astype(np.float32)) @ b.astype(np.float16).astype(np.float32)
    assert _judge(exact, honest, scale="max", factor=64).margin < 0.5
    assert not _judge(exact, honest, rtol=1e-5, atol=0).accepted
    assert _judge(exact, half, scale="max", factor=64).margin > 10
    assert not _judge(exact, np.zeros_like(exact), scale="max", factor=64).accepted


def test_beside_a_scale_the_larger_of_both_tolerances_counts() -> None:
    expected = _f64(1024.0, 1.0)
    rule = {"scale": "max", "factor": 2.0**32, "rtol": 2.0**-10}  # 2^-20 of the largest is 2^-10; relative 1 and 2^-10
    assert _judge(expected, _f64(1025.0, 1.0 + 2.0**-10), **rule).margin == 1
    assert _judge(expected, _f64(1025.0, 1.0 + 2.0**-9), **rule).margin == 2
    assert _judge(_f64(1.0, 0.0), _f64(1.0, 2.0**-20), scale="max", factor=2.0**32, rtol=0.5).margin == 1
    assert not _judge(expected, _f64(1025.0, 1.0), scale="max", factor=2.0**32).accepted


def test_complex_numbers_have_a_scale() -> None:
    expected = np.array([3.0 + 4.0j, 0.0])
    assert _judge(expected, expected + np.array([0, 5j * EPS64]), scale="max", factor=1).margin == 1
    assert not _judge(expected, expected + np.array([0, 6j * EPS64]), scale="max", factor=1).accepted


def test_eps_is_that_of_the_declared_dtype() -> None:
    assert _judge(_f32(1.0), _f32(1.0 + EPS32), scale="max", factor=1).accepted
    assert not _judge(_f32(1.0), _f32(1.0 + 2 * EPS32), scale="max", factor=1).accepted
    assert _judge(_f64(1.0), _f64(1.0 + EPS64), scale="max", factor=1).accepted
    assert not _judge(_f64(1.0), _f64(1.0 + 2 * EPS64), scale="max", factor=1).accepted


@pytest.mark.parametrize("scale", ["max", "rms", "row_max"])
def test_scales_of_nothing_of_zeros_and_of_huge_numbers(scale: str) -> None:
    rule = {"scale": scale, "factor": 8}
    for shape in [(0,), (3, 0), (0, 3), ()]:
        assert _judge(np.ones(shape), np.ones(shape), **rule).accepted
    assert _judge(np.zeros(3), np.zeros(3), **rule).accepted
    assert _judge(np.zeros(3), _f64(0.0, TINY, 0.0), **rule).margin == math.inf
    huge = _f64(1.7e308, -1.7e308)
    assert _judge(huge, huge * (1 - 4 * EPS64), **rule).accepted
    assert _judge(huge, -huge, **rule).reason is Reason.WRONG_VALUE
    assert _judge(_f64(math.inf, 1.0), _f64(math.inf, 1.0 + 4 * EPS64), inf="match", **rule).accepted
    assert not _judge(_f64(math.inf, 1.0), _f64(math.inf, 1.1), inf="match", **rule).accepted


@pytest.mark.parametrize(
    ("reference", "answer", "steps"),
    [
        (0.0, -0.0, 0),
        (0.0, TINY, 1),
        (-TINY, TINY, 2),
        (-0.0, -3 * TINY, 3),
        (2.0**-1022, 2.0**-1022 - TINY, 1),  # from the normal numbers into the subnormal ones
        (1.0, 1.0 - EPS64 / 2, 1),  # the smaller spacing below a power of two
        (1.0, 1.0 + EPS64, 1),
        (1.0, -1.0, 2 * 0x3FF0000000000000),
        (1.7976931348623157e308, -1.7976931348623157e308, 2 * 0x7FEFFFFFFFFFFFFF),
    ],
)
def test_ulps_are_steps_along_the_floating_point_numbers(reference: float, answer: float, steps: int) -> None:
    judgement = _judge(_f64(reference), _f64(answer), ulp=0)
    assert judgement.accepted is (steps == 0)
    assert judgement.evidence.get("ulp_error", 0) == steps
    if 0 < steps < 10:
        assert _judge(_f64(reference), _f64(answer), ulp=steps).margin == 1
        assert not _judge(_f64(reference), _f64(answer), ulp=steps - 1).accepted


def test_ulps_of_float32_are_counted_in_float32() -> None:
    one = np.float32(1.0)
    two_up = np.nextafter(np.nextafter(one, np.float32(2)), np.float32(2))
    assert _judge(_f32(one), _f32(two_up), ulp=2).margin == 1
    assert not _judge(_f32(one), _f32(two_up), ulp=1).accepted
    assert _judge(_f32(0.0), _f32(np.float32(1e-45)), ulp=1).accepted
    assert _judge(_f32(-1e-45), _f32(1e-45), ulp=2).margin == 1


def test_no_step_leads_to_an_infinity() -> None:
    largest = 1.7976931348623157e308
    assert _judge(_f64(largest), _f64(math.inf), ulp=1000).reason is Reason.NOT_FINITE
    assert _judge(_f64(math.inf), _f64(largest), ulp=1000, inf="match").reason is Reason.WRONG_VALUE


def test_complex_numbers_are_measured_by_modulus() -> None:
    expected = np.array([3.0 + 4.0j])
    assert _judge(expected, expected + 0.3 + 0.4j, rtol=0.125, atol=0).accepted
    assert _judge(expected, expected + 0.3 + 0.4j, rtol=0, atol=0.5 - 1e-9).reason is Reason.WRONG_VALUE
    assert _judge(expected, np.conj(expected), rtol=1e-6, atol=0).reason is Reason.WRONG_VALUE
    assert _judge(expected, np.array([complex(3.0, math.nan)])).reason is Reason.NOT_FINITE


def test_moduli_beyond_the_largest_double() -> None:
    expected = np.array([complex(1.7e308, 1.7e308)])
    assert _judge(expected, expected, rtol=0, atol=0).accepted
    assert _judge(expected, expected * (1 - 1e-7), rtol=1e-6, atol=0).accepted
    assert _judge(expected, expected * (1 - 1e-5), rtol=1e-6, atol=0).reason is Reason.WRONG_VALUE
    assert _judge(expected, -expected, rtol=0.9, atol=0).reason is Reason.WRONG_VALUE


@pytest.mark.parametrize(("dtype", "most"), [("float32", 2**23), ("float64", 2**52), ("complex128", 2**52)])
def test_a_factor_by_which_zeros_would_pass_is_refused(dtype: str, most: int) -> None:
    signature = Signature(parameters=(), returns=parse_type(f"array[{dtype}, (n,)]"))
    assert Arrays(scale="max", factor=most - 1).expected_type(signature)
    with pytest.raises(ValueError, match=f"factor: expected a number below .* for {dtype}, found"):
        Arrays(scale="max", factor=most).expected_type(signature)


@pytest.mark.parametrize("returns", ["array[float64, (n,)]", "list[array[float64, (n,)]]", "array[complex128, (n,)]"])
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_reference_that_is_not_finite_is_an_error(judged: Any, returns: str, value: float) -> None:
    expected = [[0.0, value]] if returns.startswith("list") else [0.0, value]
    where = "expected[0][1]" if returns.startswith("list") else "expected[1]"
    with pytest.raises(ValueError, match="expected a finite number") as caught:
        judged({"name": "array"}, returns, expected, expected)
    assert str(caught.value).startswith(f"{where} is {'nan' if math.isnan(value) else 'inf'}")


def test_declared_nan_and_infinity_match_themselves_only() -> None:
    expected = _f64(math.nan, math.inf, -math.inf, 1.0)
    match = {"nan": "match", "inf": "match", "atol": 1e300}
    assert _judge(expected, expected.copy(), **match).accepted
    for at, wrong, reason in [
        (0, 1.0, "wrong_value"),
        (1, -math.inf, "wrong_value"),
        (1, 1e308, "wrong_value"),
        (2, math.nan, "wrong_value"),
        (3, math.nan, "not_finite"),
        (3, math.inf, "not_finite"),
    ]:
        answer = expected.copy()
        answer[at] = wrong
        judgement = _judge(expected, answer, **match)
        assert (judgement.accepted, judgement.reason, judgement.margin) == (False, reason, None)
        assert judgement.message.startswith(f"answer[{at}] is ")


def test_nested_arrays_and_the_floats_beside_them(judged: Any) -> None:
    returns = "tuple[float, list[array[float64, (n,)]], dict[str, float]]"
    expected = (1.0, [[1.0, 2.0], [3.0, 4.0]], {"loss": 2.0})
    checker = {"name": "array", "rtol": 0.5, "atol": 0.0}
    judgement = judged(checker, returns, expected, (1.25, [[1.0, 2.0], [3.0, 5.0]], {"loss": 2.5}))
    assert (judgement.accepted, judgement.margin, judgement.evidence["compared"]) == (True, 0.5, 6)
    for answer, where in [
        ((1.75, [[1.0, 2.0], [3.0, 4.0]], {"loss": 2.0}), "answer[0] is 1.75"),
        ((1.0, [[1.0, 2.0], [3.0, 8.0]], {"loss": 2.0}), "answer[1][1][1] is 8.0"),
        ((1.0, [[1.0, 2.0], [3.0, 4.0]], {"loss": 0.5}), "answer[2]['loss'] is 0.5"),
    ]:
        assert judged(checker, returns, expected, answer).message.startswith(where)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"scale": "max"}, "expected scale and factor together, found scale alone"),
        ({"factor": 8}, "expected scale and factor together, found factor alone"),
        (
            {"scale": "max", "factor": 8, "atol": 1e-6},
            "expected rtol and atol, or scale and factor and perhaps rtol, or ulp, found",
        ),
        ({"factor": 8, "rtol": 1e-6}, "expected rtol and atol, or scale and factor and perhaps rtol, or ulp, found"),
        (
            {"ulp": 1, "rtol": 0.0},
            "expected rtol and atol, or scale and factor and perhaps rtol, or ulp, found rtol, ulp",
        ),
        (
            {"ulp": 1, "factor": 0.0},
            "expected rtol and atol, or scale and factor and perhaps rtol, or ulp, found factor, ulp",
        ),
        ({"scale": "mean", "factor": 8}, "scale: expected one of max, rms, row_max, found 'mean'"),
        ({"scale": "max", "factor": -1}, "factor: expected a finite number of at least 0, found -1"),
        ({"scale": "max", "factor": True}, "factor: expected a finite number of at least 0, found True"),
        ({"rtol": math.nan}, "rtol: expected a finite number of at least 0, found nan"),
        ({"ulp": 1.0}, "ulp: expected an integer from 0 to 1048576, found 1.0"),
        ({"ulp": True}, "ulp: expected an integer from 0 to 1048576, found True"),
        ({"ulp": -1}, "ulp: expected an integer from 0 to 1048576, found -1"),
        ({"ulp": 2**20 + 1}, "ulp: expected an integer from 0 to 1048576, found 1048577"),
        ({"nan": "ignore"}, "nan: expected one of refuse, match, found 'ignore'"),
    ],
)
def test_parameters_that_are_wrong_or_contradict_each_other(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        Arrays(**parameters)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("returns", "parameters", "message"),
    [
        ("list[float]", {}, "expected a return type with an array, found list[float]"),
        ("array[int64, (n,)]", {"rtol": 1e-3}, "rtol: integers and bools are compared exactly"),
        ("array[bool, (n,)]", {"ulp": 1}, "ulp: integers and bools are compared exactly"),
        ("array[complex128, (n,)]", {"ulp": 1}, "ulp: expected arrays of real numbers, found complex128"),
        ("array[complex128, (n,)]", {"nan": "match"}, "nan: expected 'refuse' for complex128, found 'match'"),
        ("array[complex128, (n,)]", {"inf": "match"}, "inf: expected 'refuse' for complex128, found 'match'"),
        ("tuple[array[float64, (n,)], float]", {"scale": "max", "factor": 1}, "scale: expected arrays only"),
        ("dict[float, array[float64, (n,)]]", {}, "expected keys of bool, bytes, int, str or tuples of these"),
    ],
)
def test_signatures_that_it_cannot_judge_are_refused(returns: str, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        Arrays(**parameters).expected_type(Signature(parameters=(), returns=parse_type(returns)))
    assert str(caught.value).startswith(message)


RULES = st.sampled_from(
    [{}, {"rtol": 0.0}, {"ulp": 3}, *({"scale": scale, "factor": 4} for scale in ("max", "rms", "row_max"))]
)
ARRAYS = hnp.arrays(st.sampled_from([np.float32, np.float64]), hnp.array_shapes(min_dims=0, min_side=0, max_side=4))


@STEADY
@given(ARRAYS, RULES)
def test_every_array_is_accepted_as_itself(values: Any, rule: dict[str, Any]) -> None:
    judgement = _judge(values, values.copy(), nan="match", inf="match", **rule)
    assert (judgement.accepted, judgement.margin) == (True, 0.0)


@STEADY
@given(ARRAYS, RULES, st.data())
def test_every_judgement_is_json_and_agrees_with_its_margin(values: Any, rule: dict[str, Any], data: Any) -> None:
    answer = data.draw(hnp.arrays(values.dtype, values.shape))
    judgement = _judge(values, answer, nan="match", inf="match", **rule)
    json.dumps(judgement.evidence, allow_nan=False)
    if judgement.margin is None:
        assert not (np.isfinite(values) & np.isfinite(answer)).all()
    else:
        assert judgement.accepted is (judgement.margin <= 1)
        assert isinstance(judgement.margin, float)


@STEADY
@given(ARRAYS.filter(lambda values: values.size > 0), RULES, st.data())
def test_no_single_nan_passes(values: Any, rule: dict[str, Any], data: Any) -> None:
    values = np.where(np.isnan(values), values.dtype.type(1), values)
    answer = values.copy()
    at = data.draw(st.integers(0, values.size - 1))
    answer.flat[at] = math.nan
    judgement = _judge(values, answer, nan="match", inf="match", **rule)
    assert judgement.reason is (Reason.NOT_FINITE if np.isfinite(values.flat[at]) else Reason.WRONG_VALUE)
