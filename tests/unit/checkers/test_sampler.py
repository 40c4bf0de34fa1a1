"""The parameters, types and keys that the checker ``sampler`` accepts."""

from __future__ import annotations

import numpy as np
import pytest

from judge.checkers.contract import CaseFacts, SeriesChecker
from judge.checkers.sampler import Sampler
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type


def signature(returns: str = "list[int]", **types: str) -> Signature:
    parameters = tuple(Parameter(name=name, type=parse_type(text)) for name, text in types.items())
    return Signature(parameters=parameters, returns=parse_type(returns))


def facts(expected: object) -> CaseFacts:
    return CaseFacts(name="c", arguments={}, expected=np.array(expected, dtype=np.float64))


def test_it_is_a_series_checker_with_an_absent_seed() -> None:
    assert isinstance(Sampler(), SeriesChecker)
    assert Sampler.name == "sampler"
    assert Sampler(seed="key").absent_parameters() == {"key"}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"seed": 3}, "seed: expected the name of a parameter, found 3"),
        ({"seed": "a b"}, "seed: expected the name of a parameter, found 'a b'"),
        ({"alpha": 0}, r"alpha: expected a number from 1e-300 to 0\.5, found 0"),
        ({"alpha": 0.6}, "alpha: .* found 0.6"),
        ({"alpha": float("nan")}, "alpha: .* found nan"),
        ({"alpha": "1e-6"}, "alpha: .* found '1e-6'"),
        ({"alpha": True}, "alpha: .* found True"),
        ({"calls": 7}, "calls: expected an integer from 8 to 100000, found 7"),
        ({"calls": 200.0}, "calls: .* found 200.0"),
        ({"repeats": 1}, r"repeats: expected 0 \(5 % of the calls, at least 4\) or at least 2, found 1"),
        ({"calls": 20, "repeats": 11}, "repeats: expected an integer from 0 to 10, found 11"),
        ({"repeats": True}, "repeats: .* found True"),
        ({"consecutive": 0}, "consecutive: expected an integer from 1 to 1000, found 0"),
    ],
)
def test_a_parameter_out_of_range_is_refused(parameters: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Sampler(**parameters)


def test_the_expected_value_is_a_matrix_of_floats() -> None:
    expected = Sampler().expected_type(signature(queries="list[list[float]]", seed="int"))
    assert str(expected) == "array[float64, (n, m)]"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (signature("int", seed="int"), r"expected a return type of list\[int\].*, found int"),
        (signature("list[float]", seed="int"), r"found list\[float\]"),
        (signature(tau="float"), "expected a parameter 'seed' of type int, found tau"),
        (signature(), "expected a parameter 'seed' of type int, found none"),
        (signature(seed="float"), "expected the parameter 'seed' to have type int, found float"),
    ],
)
def test_a_signature_that_cannot_be_judged_is_refused(given: Signature, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Sampler().expected_type(given)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([0.5, 0.5], r"law: expected an array of shape \(n, m\), neither of them 0, found shape \(2,\)"),
        (np.zeros((0, 3)), r"found shape \(0, 3\)"),
        ([[0.5, 0.5], [0.5, 0.25]], r"law\[1\]: expected a sum of 1 within 1e-09, found 0\.75"),
        ([[0.5, 0.5], [1.5, -0.5]], r"law\[1\]\[1\]: expected a finite number that is not negative, found -0\.5"),
        ([[float("nan"), 1.0]], r"law\[0\]\[0\]: expected a finite number that is not negative, found nan"),
        ([[float("inf"), 1.0]], r"law\[0\]\[0\]: .* found inf"),
        ([[0.0, 1.0], [1.0, 0.0]], "law: expected a row with at least two indices of positive probability, found none"),
    ],
)
def test_a_key_that_is_no_law_is_refused(matrix: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Sampler().check_key(facts(matrix))


def test_a_law_is_accepted_within_rounding_and_with_certain_rows() -> None:
    Sampler().check_key(facts([[0.5, 0.5 + 9e-10], [0.0, 1.0]]))


def test_alpha_can_be_shared_by_the_cases_of_a_problem() -> None:
    assert Sampler(alpha=1e-6, calls=64).for_cases(4) == Sampler(alpha=2.5e-7, calls=64)
    with pytest.raises(ValueError, match="count: expected an integer from 1 to 1000000, found 0"):
        Sampler().for_cases(0)
