"""The checker ``regret``: its error rate at the bound, and when bad policies are rejected."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from judge.stats.betting import AtMost, Evidence

pytestmark = pytest.mark.evidence

RUNS, CALLS = 2000, 60
DOUBT = 1e-6  # probability that the test fails although the level is alpha exactly
ARMS, ROUNDS, GAP, LARGEST, BOUND = 10, 1000, 0.3, 300.0, 180.0

Arms = NDArray[np.int64]
Policy = Callable[[np.random.Generator, int, Arms, Arms], Arms]


def evidence(values: NDArray[np.float64], bound: float, alpha: float = 1e-6) -> Evidence:
    found = Evidence([AtMost("regret", np.array([bound]))], alpha)
    found.observe(values[:, None])
    return found


@pytest.mark.parametrize("bound", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("law", ["two points", "beta"])
def test_a_right_policy_is_rejected_as_rarely_as_stated(law: str, bound: float) -> None:
    rng = np.random.default_rng(40)
    size = (RUNS, CALLS)
    runs = (rng.random(size) < bound).astype(float) if law == "two points" else rng.beta(8 * bound, 8 - 8 * bound, size)
    peaks = np.array([evidence(run, bound).peak for run in runs])
    for alpha in (0.1, 0.01):
        assert (peaks >= -math.log(alpha)).sum() <= binom.isf(DOUBT, RUNS, alpha)


def regrets(policy: Policy, series: int) -> NDArray[np.float64]:
    """Returns (series, CALLS) regrets of a policy on ten arms, arm 0 the best, all runs played at once."""
    rng = np.random.default_rng(41)
    runs = series * CALLS
    count, won = np.zeros((2, runs, ARMS), dtype=np.int64)
    odds = np.array([0.7, *[0.4] * (ARMS - 1)])
    rows = np.arange(runs)
    for t in range(ROUNDS):
        arm = policy(rng, t, count, won)
        reward = rng.random(runs) < odds[arm]
        count[rows, arm] += 1
        won[rows, arm] += reward
    return (GAP * count[:, 1:].sum(axis=1)).reshape(series, CALLS)


def of_index(index: Callable[[int, Arms, NDArray[np.float64]], NDArray[np.float64]]) -> Policy:
    """Pulls each arm once, then the one of the largest index; ties fall at random."""

    def policy(rng: np.random.Generator, t: int, count: Arms, won: Arms) -> Arms:
        if t < ARMS:
            return np.full(len(count), t)
        value = index(t, count, won / np.maximum(count, 1))
        return np.argmax(value + 1e-9 * rng.random(value.shape), axis=1)

    return policy


def exploring(epsilon: float) -> Policy:
    greedy = of_index(lambda t, count, mean: mean)

    def policy(rng: np.random.Generator, t: int, count: Arms, won: Arms) -> Arms:
        chosen = greedy(rng, t, count, won)
        return np.where(rng.random(len(count)) < epsilon, rng.integers(ARMS, size=len(count)), chosen)

    return policy


def ucb(width: float) -> Policy:
    return of_index(lambda t, count, mean: mean + np.sqrt(width * np.log(t) / count))


RIGHT = {"UCB1": ucb(2.0), "UCB, width 0.5": ucb(0.5), "20 % at random": exploring(0.2)}
WRONG: dict[str, tuple[Policy, int]] = {  # a wrong policy, and runs that suffice in 20 of 20 series
    "at random": (lambda rng, t, count, won: rng.integers(ARMS, size=len(count)), 45),
    "always arm 1": (lambda rng, t, count, won: np.full(len(count), 1), 35),
    "UCB, width 20": (ucb(20.0), 60),
    "80 % at random": (exploring(0.8), 120),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_policy_is_accepted(name: str) -> None:
    played = regrets(RIGHT[name], 20)
    assert all(evidence(series / LARGEST, BOUND / LARGEST).rejected_at is None for series in played)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_policy_is_rejected_within_the_stated_runs(name: str) -> None:
    policy, within = WRONG[name]
    played = regrets(policy, 40).reshape(20, 2 * CALLS)
    needed = [evidence(series / LARGEST, BOUND / LARGEST).rejected_at or math.inf for series in played]
    assert max(needed) <= within
