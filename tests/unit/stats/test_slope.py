"""The slope of a growth, on data of which it is known."""

from __future__ import annotations

import math
import random

import pytest
from scipy import stats

from judge.stats.slope import CONFIDENCE, fit_slope

SIZES = [1000, 2000, 4000, 8000, 16000, 32000]


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 1.5, 2.0, 3.0])
def test_a_pure_power_is_found_exactly(power: float) -> None:
    slope = fit_slope(SIZES, [3.7 * size**power for size in SIZES])
    assert slope.estimate == pytest.approx(power, abs=1e-12)
    assert (slope.low, slope.high) == (pytest.approx(power, abs=1e-7), pytest.approx(power, abs=1e-7))
    assert slope.points == len(SIZES)


def test_estimate_and_interval_are_those_of_linear_regression() -> None:
    draw = random.Random(1)
    costs = [5.0 * size**1.3 * math.exp(draw.gauss(0, 0.2)) for size in SIZES]
    slope = fit_slope(SIZES, costs)
    found = stats.linregress([math.log(size) for size in SIZES], [math.log(cost) for cost in costs])
    half = stats.t.ppf((1 + CONFIDENCE) / 2, len(SIZES) - 2) * found.stderr
    assert slope.estimate == pytest.approx(found.slope)
    assert (slope.low, slope.high) == (pytest.approx(found.slope - half), pytest.approx(found.slope + half))


def test_the_interval_holds_the_slope_as_often_as_it_says() -> None:
    draw, missed, runs = random.Random(2), 0, 5000
    for _ in range(runs):
        slope = fit_slope(SIZES, [size * math.exp(draw.gauss(0, 0.1)) for size in SIZES])
        missed += not slope.low <= 1.0 <= slope.high
    low, high = stats.binom.interval(0.9999, runs, 1 - CONFIDENCE)
    assert low <= missed <= high


def test_minima_of_one_sided_noise_keep_the_slope() -> None:
    draw = random.Random(3)

    def measured(size: int) -> float:
        return size * (1 + draw.expovariate(1) * (draw.random() < 0.3))

    slopes = [fit_slope(SIZES, [min(measured(size) for _ in range(3)) for size in SIZES]) for _ in range(300)]
    single = [fit_slope(SIZES, [measured(size) for size in SIZES]) for _ in range(300)]
    off = [sum(abs(slope.estimate - 1) > 0.1 for slope in found) for found in (slopes, single)]
    assert off[0] < 0.2 * off[1]


def test_what_bends_widens_the_interval() -> None:
    straight = fit_slope(SIZES, [float(size) for size in SIZES])
    bent = fit_slope(SIZES, [4000.0 + size for size in SIZES])
    assert bent.high - bent.low > 0.2 > straight.high - straight.low


@pytest.mark.parametrize(
    ("sizes", "costs", "message"),
    [
        ([1, 2], [1, 2], "at least 3 points, found 2"),
        ([1, 2, 3], [1, 2], "as many costs as sizes, 3, found 2"),
        ([1, 2, 3], [1, 0, 2], "positive numbers, found 0"),
        ([1, 2, 3], [1, math.nan, 2], "positive numbers, found nan"),
        ([1, 2, 3], [1, math.inf, 2], "positive numbers, found inf"),
        ([2, 2, 2], [1, 2, 3], "sizes that differ, found 2 only"),
    ],
)
def test_what_has_no_slope(sizes: list[float], costs: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_slope(sizes, costs)
