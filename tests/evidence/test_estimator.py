"""The checker ``estimator``: its error rate at the bounds of the null, and when wrong estimators are rejected."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from judge.stats.betting import Evidence
from judge.stats.estimates import EstimateNull
from tests.evidence.effort import simulated

pytestmark = pytest.mark.evidence

Draws = Callable[[np.random.Generator, int], NDArray[np.float64]]

RUNS, TRIALS = simulated(2000), 190
DOUBT = 1e-6  # probability that the test fails although the level is alpha exactly
UNIT: dict[str, Any] = {"low": 0.0, "high": 1.0}


def evidence(null: EstimateNull, draws: Draws, run: int, alpha: float) -> Evidence:
    """Returns the evidence after TRIALS trials; ``draws`` gives (trials, d) estimates."""
    found = null.evidence(alpha)
    found.observe(*null.views(draws(np.random.default_rng([30, run]), TRIALS)))
    return found


def two_points(p: float) -> Draws:
    return lambda rng, trials: (rng.random((trials, 1)) < p).astype(float)


def pair(rng: np.random.Generator, trials: int) -> NDArray[np.float64]:
    """Two numbers that share their noise, of standard deviation 0.1."""
    return np.array([0.5, 0.3]) + 0.1 * rng.choice([-1.0, 1.0], size=(trials, 1))


def half_equal(rng: np.random.Generator, trials: int) -> NDArray[np.float64]:
    """Two draws are equal with probability 1/2: one value of probability sqrt(1/2), and others."""
    return np.where(rng.random((trials, 1)) < math.sqrt(0.5), 0.5, rng.random((trials, 1)))


def tenth_equal(rng: np.random.Generator, trials: int) -> NDArray[np.float64]:
    """Two draws are equal with probability 1/10."""
    return np.where(rng.random((trials, 1)) < math.sqrt(0.1), 0.5, rng.random((trials, 1)))


def of(truth: list[float], **parameters: Any) -> EstimateNull:
    return EstimateNull(truth=np.array(truth), **{"bias": 0.0, "rmse": None, **UNIT, **parameters})


AT_THE_BOUND: dict[str, tuple[EstimateNull, Draws]] = {
    "two points": (of([0.5]), two_points(0.5)),
    "rare": (of([0.05]), two_points(0.05)),
    "bias used up": (of([0.4], bias=0.1), two_points(0.5)),
    "error used up": (of([0.5, 0.3], rmse=0.1), pair),
    "equal pairs": (of([0.5], distinct=0.5), half_equal),
    "some equal pairs": (of([0.5], distinct=0.9), tenth_equal),
}


@pytest.mark.parametrize("name", AT_THE_BOUND)
def test_a_right_estimator_is_rejected_as_rarely_as_stated(name: str) -> None:
    null, draws = AT_THE_BOUND[name]
    peaks = np.array([evidence(null, draws, run, 1e-6).peak for run in range(RUNS)])
    for alpha in (0.1, 0.01):
        rejected = int((peaks >= -math.log(alpha)).sum())
        assert rejected <= binom.isf(DOUBT, RUNS, alpha)


def test_a_bound_that_is_missed_by_little_breaks_the_error_rate() -> None:
    """The simulation can fail: a mean of 0.6 where 0.5 is stated."""
    peaks = np.array([evidence(of([0.5]), two_points(0.6), run, 1e-6).peak for run in range(200)])
    assert (peaks >= -math.log(0.1)).sum() > binom.isf(DOUBT, 200, 0.1)


def hits(points: int, p: float) -> Draws:
    """Estimates of π from ``points`` points, each of which hits with probability ``p``."""
    return lambda rng, trials: 4 * rng.binomial(points, p, size=(trials, 1)) / points


PI = EstimateNull(truth=np.array([math.pi]), low=0.0, high=4.0, bias=0.0, rmse=0.25)
WITHIN: dict[str, tuple[Draws, int]] = {  # a wrong estimator, and trials that suffice in 100 of 100 series
    "a grid of 11 × 11 points": (hits(100, 90 / 121), 190),
    "a factor of 0.9": (lambda rng, trials: 0.9 * hits(100, math.pi / 4)(rng, trials), 100),
    "divides by count + 5": (lambda rng, trials: hits(100, math.pi / 4)(rng, trials) / 1.05, 190),
    "a circle of radius 0.9": (hits(100, 0.81 * math.pi / 4), 60),
    "10 points": (hits(10, math.pi / 4), 80),
}


@pytest.mark.parametrize("name", WITHIN)
def test_a_wrong_estimator_is_rejected_within_the_stated_trials(name: str) -> None:
    draws, within = WITHIN[name]
    needed = np.array([evidence(PI, draws, run, 1e-6).rejected_at or np.inf for run in range(100)])
    assert (needed <= within).all()


def few_seeds(seeds: int) -> Draws:
    """Estimates of π with many digits, of so many seeds only."""

    def draws(rng: np.random.Generator, trials: int) -> NDArray[np.float64]:
        table = hits(200, math.pi / 4)(rng, seeds) + 1e-3 * rng.random((seeds, 1))
        return table[rng.integers(seeds, size=trials)]

    return draws


@pytest.mark.parametrize(
    ("distinct", "seeds", "within"), [(0.9, 1, 16), (0.9, 2, 160), (0.999, 1, 6), (0.999, 4, 160), (0.999, 8, 190)]
)
def test_few_seeds_are_found_within_the_stated_trials(distinct: float, seeds: int, within: int) -> None:
    null = EstimateNull(truth=np.array([math.pi]), low=0.0, high=4.0, bias=0.0, rmse=0.3, distinct=distinct)
    needed = np.array([evidence(null, few_seeds(seeds), run, 1e-6).rejected_at or np.inf for run in range(60)])
    assert (needed <= within).mean() >= 0.9
