"""The checker ``coverage``: its error rate at the bounds, and when wrong intervals are rejected."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from scipy.stats import binom

from judge.stats.betting import Evidence
from judge.stats.coverage import LONGEST, coverage_evidence, views

pytestmark = pytest.mark.evidence

Floats = NDArray[np.float64]
RUNS, CALLS, SIZE = 2000, 400, 20
DOUBT = 1e-6  # probability that the test fails although the level is alpha exactly
RIGHT_WIDTH = 2 * stats.t.ppf(0.975, SIZE - 1) / math.sqrt(SIZE) * 0.98693  # mean of the standard deviation: c4(20)
WIDE = 1.5


def evidence(misses: Floats, widths: Floats, most: float = 0.07) -> Evidence:
    found = coverage_evidence(most, 1e-6)
    found.observe(*views(misses, widths, WIDE))
    return found


@pytest.mark.parametrize("most", [0.07, 0.3])
@pytest.mark.parametrize("spread", ["equal widths", "few wide ones"])
def test_a_right_function_is_rejected_as_rarely_as_stated(most: float, spread: str) -> None:
    rng = np.random.default_rng(50)
    peaks = []
    for _ in range(RUNS):
        misses = (rng.random(CALLS) < most).astype(float)
        few = LONGEST * WIDE * (rng.random(CALLS) < 1 / LONGEST)
        peaks.append(evidence(misses, np.full(CALLS, WIDE) if spread == "equal widths" else few, most).peak)
    for alpha in (0.1, 0.01):
        rejected = int((np.array(peaks) >= -math.log(alpha)).sum())
        assert rejected <= binom.isf(DOUBT, RUNS, alpha)


def of_half(
    half: Callable[[Floats], Floats], centre: Callable[[Floats], Floats] | None = None
) -> Callable[..., Floats]:
    """An interval around ``centre`` (the mean), from samples of shape (calls, SIZE)."""
    middle = centre or (lambda samples: samples.mean(axis=1))
    return lambda samples: np.stack([middle(samples) - half(samples), middle(samples) + half(samples)])


def errors(samples: Floats) -> Floats:
    return samples.std(axis=1, ddof=1) / math.sqrt(SIZE)


T = float(stats.t.ppf(0.975, SIZE - 1))
INTERVALS = {
    "Student": of_half(lambda x: T * errors(x)),
    "normal quantile": of_half(lambda x: 1.96 * errors(x)),
}
WRONG = {  # a wrong interval, and calls that suffice in 100 of 100 series
    "level 0.9": (of_half(lambda x: float(stats.t.ppf(0.95, SIZE - 1)) * errors(x)), 8000),
    "level 0.8": (of_half(lambda x: float(stats.t.ppf(0.9, SIZE - 1)) * errors(x)), 800),
    "one standard error": (of_half(errors), 250),
    "divides by n": (of_half(lambda x: T * x.std(axis=1, ddof=1) / SIZE), 60),
    "half of the data": (
        of_half(lambda x: T * x[:, ::2].std(axis=1) / math.sqrt(SIZE), lambda x: x[:, ::2].mean(axis=1)),
        800,
    ),
    "does not divide": (of_half(lambda x: T * x.std(axis=1, ddof=1)), 400),
    "level 0.9999": (of_half(lambda x: float(stats.t.ppf(0.99995, SIZE - 1)) * errors(x)), 400),
}


def needed(interval: Callable[..., Floats], calls: int, runs: int = 100) -> Floats:
    """Returns, for each run, the calls until it was rejected; infinity when it was not."""
    counts = []
    for run in range(runs):
        samples = np.random.default_rng([51, run]).normal(size=(calls, SIZE))
        low, high = interval(samples)
        found = evidence(((low > 0) | (high < 0)).astype(float), (high - low) / RIGHT_WIDTH)
        counts.append(found.rejected_at or np.inf)
    return np.array(counts)


@pytest.mark.parametrize("name", INTERVALS)
def test_a_right_interval_is_accepted(name: str) -> None:
    assert np.isinf(needed(INTERVALS[name], 2000)).all()


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_interval_is_rejected_within_the_stated_calls(name: str) -> None:
    interval, calls = WRONG[name]
    counts = needed(interval, calls)
    assert np.isfinite(counts).all()
