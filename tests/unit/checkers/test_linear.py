"""The checkers ``residual`` and ``eigenvectors``: honest solutions pass, others do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.checkers.certificate_driver import STEADY, Bench

SYSTEM = {"a": "array[float64, (m, n)]", "b": "array[float64, (m,)]"}
SOLVE = Bench(name="residual", parameters={"matrix": "a", "rhs": "b"}, types=SYSTEM, returns="array[float64, (n,)]")
LEAST = Bench(
    name="residual",
    parameters={"matrix": "a", "rhs": "b", "least_squares": True},
    types=SYSTEM,
    returns="array[float64, (n,)]",
)
SQUARE = {"a": "array[float64, (n, n)]"}
PAIRS = "tuple[array[float64, (k,)], array[float64, (n, k)]]"


def _eigen(returns: str = "array[float64, (n, k)]", **parameters: Any) -> Bench:
    return Bench(name="eigenvectors", parameters={"matrix": "a", **parameters}, types=SQUARE, returns=returns)


@pytest.mark.parametrize("n", [1, 3, 20])
def test_solutions_pass_and_moved_ones_do_not(n: int) -> None:
    rng = np.random.default_rng(n)
    a, x = rng.normal(size=(n, n)), rng.normal(size=n)
    b = a @ x
    case = SOLVE.case(x.tolist(), a=a.tolist(), b=b.tolist())
    assert SOLVE.judge(case, np.linalg.solve(a, b).tolist()).accepted
    for at in range(n):
        for moved in (x[at] + 1e-3, -x[at], 0.0):
            wrong = x.copy()
            wrong[at] = moved
            assert SOLVE.judge(case, wrong.tolist()).reason == "not_valid"
    for wrong in (np.zeros(n), x + 1e-4, 1e308 * np.sign(x), b if n > 1 else x + 1):
        assert SOLVE.judge(case, wrong.tolist()).reason == "not_valid"
    assert SOLVE.judge(case, [*x[:-1].tolist(), np.nan]).reason == "not_finite"
    assert SOLVE.judge(case, [*x[:-1].tolist(), np.inf]).message == f"answer[{n - 1}] is inf: expected a finite number"
    assert SOLVE.judge(case, [*x.tolist(), 0.0]).reason == "wrong_shape"


def test_an_ill_conditioned_system_is_judged_by_the_residual() -> None:
    """The Hilbert matrix of order 12: solutions of a stable algorithm have hardly a right digit, and pass."""
    a = np.array([[1 / (row + column + 1) for column in range(12)] for row in range(12)])
    b = a @ np.ones(12)
    case = SOLVE.case([1.0] * 12, a=a.tolist(), b=b.tolist())
    found = np.linalg.solve(a, b)
    assert np.abs(found - 1).max() > 1e-4
    assert SOLVE.judge(case, found.tolist()).accepted
    assert not SOLVE.judge(case, np.full(12, 1 + 1e-6).tolist()).accepted


def test_a_large_solution_cannot_pay_for_a_large_residual() -> None:
    a, b = [[1.0, 0.0], [0.0, 1e-12]], [1.0, 0.0]
    case = SOLVE.case([1.0, 0.0], a=a, b=b)
    assert SOLVE.judge(case, [1.0, 0.0]).accepted
    for size in (1e12, 1e30, 1e300):
        assert SOLVE.judge(case, [0.0, size]).reason == "not_valid"


def test_least_squares_are_judged_by_the_gradient() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(30, 4)), rng.normal(size=30)
    x = np.linalg.lstsq(a, b)[0]
    case = LEAST.case(x.tolist(), a=a.tolist(), b=b.tolist())
    assert LEAST.judge(case, np.linalg.solve(a.T @ a, a.T @ b).tolist()).accepted
    for wrong in (np.zeros(4), x + 1e-5, x * (1 + 1e-4), np.linalg.solve(a[:4], b[:4])):
        assert LEAST.judge(case, wrong.tolist()).reason == "not_valid"
    with pytest.raises(ValueError, match="is not accepted as an answer: the relative residual is"):
        SOLVE.case(x.tolist(), a=a.tolist(), b=b.tolist())


def test_several_right_hand_sides_are_judged_one_by_one() -> None:
    types = {"a": "array[float64, (n, n)]", "b": "array[float64, (n, k)]"}
    bench = Bench(
        name="residual", parameters={"matrix": "a", "rhs": "b"}, types=types, returns="array[float64, (n, k)]"
    )
    case = bench.case([[1e9, 1.0]], a=[[1.0]], b=[[1e9, 1.0]])
    judgement = bench.judge(case, [[1e9, 1.001]])
    assert judgement.message.startswith("the relative residual of column 1 is")
    with pytest.raises(ValueError, match="b: expected 1 rows, as of a, found 2"):
        bench.case([[1.0]], a=[[1.0]], b=[[1.0], [2.0]])


@STEADY
@given(st.lists(st.integers(-3, 3), min_size=1, max_size=5), st.integers(0, 10**6))
def test_any_basis_of_an_eigenspace_passes_and_no_other_vectors(eigenvalues: list[int], seed: int) -> None:
    rng, wanted = np.random.default_rng(seed), np.array(sorted(eigenvalues, reverse=True), float)
    n = len(wanted)
    vectors = np.linalg.qr(rng.normal(size=(n, n)))[0]
    a = (vectors * wanted) @ vectors.T
    bench, pairs = _eigen(), _eigen(PAIRS)
    case = bench.case(wanted.tolist(), a=((a + a.T) / 2).tolist())
    turned = vectors.copy()
    for value in set(wanted):
        among = np.flatnonzero(wanted == value)
        turned[:, among] = vectors[:, among] @ np.linalg.qr(rng.normal(size=(len(among), len(among))))[0]
    assert bench.judge(case, turned.tolist()).accepted
    assert pairs.judge(case, (wanted.tolist(), (-turned).tolist())).accepted
    assert not pairs.judge(case, ((wanted + 1e-3).tolist(), turned.tolist())).accepted
    for first in range(n):
        assert bench.judge(case, (turned * np.where(np.arange(n) == first, 1.001, 1.0)).tolist()).reason == "not_valid"
        for second in range(first):
            order = np.arange(n)
            order[[first, second]] = second, first
            same = wanted[first] == wanted[second]
            assert bench.judge(case, turned[:, order].tolist()).accepted == same
            repeated = turned.copy()
            repeated[:, first] = turned[:, second]
            assert bench.judge(case, repeated.tolist()).reason == "not_valid"
            mixed = turned.copy()
            mixed[:, [first, second]] = turned[:, [first, second]] @ np.array([[0.6, -0.8], [0.8, 0.6]])
            assert bench.judge(case, mixed.tolist()).accepted == same


def test_principal_components_and_rows() -> None:
    rng = np.random.default_rng(5)
    data = rng.normal(size=(40, 3)) * [3.0, 2.0, 1.0] + 10
    values, vectors = np.linalg.eigh(np.cov(data.T))
    bench = Bench(
        name="eigenvectors",
        parameters={"matrix": "a", "covariance": True, "rows": True},
        types={"a": "array[float64, (m, n)]"},
        returns="array[float64, (k, n)]",
    )
    case = bench.case(values[[2, 1]].tolist(), a=data.tolist())
    assert bench.judge(case, vectors.T[[2, 1]].tolist()).accepted
    assert bench.judge(case, vectors.T[[1, 2]].tolist()).reason == "not_valid"
    assert bench.judge(case, vectors.T[[2]].tolist()).reason == "wrong_shape"
    uncentred = np.linalg.eigh(data.T @ data)[1]
    assert bench.judge(case, uncentred.T[[2, 1]].tolist()).reason == "not_valid"
    assert bench.judge(case, np.full((2, 3), 1e300).tolist()).reason == "not_valid"
    assert bench.judge(case, np.full((2, 3), np.nan).tolist()).reason == "not_finite"


@pytest.mark.parametrize(
    ("a", "key", "message"),
    [
        ([[1.0, 2.0], [0.0, 1.0]], [1.0], "a: expected a symmetric"),
        ([[1.0, 0.0], [0.0, 2.0]], [3.0], r"expected\[0\] = 3.0 is not an eigenvalue"),
        ([[1.0, 0.0], [0.0, 2.0]], [2.0, 2.0], "is not an eigenvalue, or too often"),
        ([[1.0, 0.0], [0.0, 2.0]], [1.0, 1.0, 2.0], "expected at most 2 finite eigenvalues, found 3"),
    ],
)
def test_a_key_that_is_not_of_the_matrix_is_an_error(a: Any, key: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _eigen().case(key, a=a)
