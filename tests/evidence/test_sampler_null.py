"""A right sampler is rejected with probability at most alpha: simulated at levels where that can be seen."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from judge.stats.law import RowLaw
from tests.evidence.effort import simulated
from tests.evidence.sampler_paths import of_law, process
from tests.unit.checkers import sampler_subjects as subjects

pytestmark = pytest.mark.evidence

RUNS = simulated(2000)
CALLS = 200
DOUBT = 1e-6  # probability that the test fails although the level is alpha exactly


@pytest.mark.parametrize("temperature", [0.25, 4.0])
def test_the_evidence_reaches_its_limit_as_rarely_as_stated(temperature: float) -> None:
    case = subjects.points_case(temperature)
    law = RowLaw.of(case.expected)
    draws = of_law(case.expected)
    peaks = []
    for run in range(RUNS):
        rng = np.random.default_rng([10, run])
        peaks.append(process(law, draws(rng, CALLS), rng, 1e-6).path.max())
    for alpha in (0.1, 0.01):
        rejected = int((np.array(peaks) >= -np.log(alpha)).sum())
        assert rejected <= binom.isf(DOUBT, RUNS, alpha)
