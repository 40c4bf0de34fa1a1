"""The checker ``same_distribution``: its error rate for equal laws of any kind, and when others are told apart."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from judge.checkers.evidence.cells import Cells
from judge.stats.betting import Evidence
from judge.stats.swap import NO_PAIR, Swap
from tests.evidence.effort import simulated
from tests.evidence.sampler_paths import inverse
from tests.unit.checkers import sampler_subjects as subjects

pytestmark = pytest.mark.evidence

Answers = NDArray[Any]
Sampler = Callable[[np.random.Generator, int], Answers]  # a number of answers, (answers, positions)

RUNS, PAIRS = simulated(1000), 150
DOUBT = 1e-6  # probability that the test fails although the level is alpha exactly


def evidence(first: Answers, second: Answers, cells: int, alpha: float = 1e-6) -> Evidence:
    """Returns the evidence after all pairs; the first pairs of floats find the edges."""
    sorting = Cells(cells)
    pairs = np.stack([first, second], axis=1)
    none = np.full(pairs.shape[1:], NO_PAIR)
    sorted_pairs = [found if (found := sorting.of(pair)) is not None else none for pair in pairs]
    result = Evidence([Swap("swap", pairs.shape[2], cells)], alpha)
    result.observe(np.stack(sorted_pairs))
    return result


def rows_of(p: Any) -> Sampler:
    return lambda rng, count: inverse(p, rng.random((count, len(p))))


def one_uniform(p: Any) -> Sampler:
    return lambda rng, count: inverse(p, np.repeat(rng.random((count, 1)), len(p), axis=1))


POINTS = subjects.points_case(1.0).expected
EQUAL: dict[str, tuple[Sampler, int]] = {
    "independent rows": (rows_of(POINTS), 12),
    "one random number for all rows": (one_uniform(POINTS), 12),
    "all but certain": (rows_of(np.tile([0.98, 0.01, 0.01], (20, 1))), 3),
    "200 cells": (lambda rng, count: rng.integers(200, size=(count, 1)), 200),
    "floats": (lambda rng, count: rng.standard_cauchy((count, 5)), 8),
    "floats that are often equal": (lambda rng, count: rng.poisson(0.5, (count, 5)) * 0.1, 8),
}


@pytest.mark.parametrize("name", EQUAL)
def test_equal_laws_are_rejected_as_rarely_as_stated(name: str) -> None:
    sampler, cells = EQUAL[name]
    peaks = []
    for run in range(RUNS):
        rng = np.random.default_rng([70, run])
        peaks.append(evidence(sampler(rng, PAIRS), sampler(rng, PAIRS), cells).peak)
    for alpha in (0.1, 0.01):
        rejected = int((np.array(peaks) >= -math.log(alpha)).sum())
        assert rejected <= binom.isf(DOUBT, RUNS, alpha)


def points_pair(count: int, first: float, second: float) -> tuple[Sampler, Sampler, int]:
    laws = [subjects.points_case(temperature, count=count).expected for temperature in (first, second)]
    return rows_of(laws[0]), rows_of(laws[1]), count


def one_row() -> tuple[Sampler, Sampler, int]:
    """One row of 12 is uniform on one side."""
    other = np.array(POINTS)
    other[3] = subjects.law(np.zeros((12, 12)), 1.0)[3]
    return rows_of(POINTS), rows_of(other), 12


DIFFERENT: dict[str, tuple[tuple[Sampler, Sampler, int], int]] = {  # both samplers; pairs that suffice in 40 of 40
    "12 points, T 0.5 and 1": (points_pair(12, 0.5, 1.0), 400),
    "12 points, T 0.5 and 0.25": (points_pair(12, 0.5, 0.25), 400),
    "12 points, T 1 and 4": (points_pair(12, 1.0, 4.0), 400),
    "64 points, T 0.5 and 1": (points_pair(64, 0.5, 1.0), 400),
    "12 points, one row uniform": (one_row(), 400),
    "normal, shifted by half": (
        (lambda rng, count: rng.normal(size=(count, 1)), lambda rng, count: rng.normal(0.5, 1.0, (count, 1)), 8),
        1000,
    ),
    "normal, twice the scale": (
        (lambda rng, count: rng.normal(size=(count, 1)), lambda rng, count: rng.normal(0.0, 2.0, (count, 1)), 8),
        600,
    ),
}


def needed(first: Sampler, second: Sampler, cells: int, pairs: int) -> NDArray[np.float64]:
    counts = []
    for run in range(40):
        rng = np.random.default_rng([71, run])
        counts.append(evidence(first(rng, pairs), second(rng, pairs), cells).rejected_at or np.inf)
    return np.array(counts)


@pytest.mark.parametrize("name", DIFFERENT)
def test_different_laws_are_told_apart_within_the_stated_pairs(name: str) -> None:
    samplers, pairs = DIFFERENT[name]
    counts = needed(*samplers, pairs)
    assert np.isfinite(counts).all()
