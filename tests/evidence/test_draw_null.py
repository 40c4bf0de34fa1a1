"""Right programs that draw are rejected with probability at most alpha: simulated at levels where that can be seen."""

from __future__ import annotations

import pytest
from scipy.stats import binom

from tests.evidence.draw_paths import rejections
from tests.evidence.draw_subjects import SETTINGS
from tests.evidence.effort import simulated

pytestmark = pytest.mark.evidence

RUNS = simulated(1000)
CALLS = 100
DOUBT = 1e-6  # probability that the test fails although the level is alpha exactly


@pytest.mark.parametrize("name", ["normal", "shuffle 10", "reservoir", "weighted", "uniform walk", "ending walk"])
def test_the_evidence_reaches_its_limit_as_rarely_as_stated(name: str) -> None:
    for alpha, rejected in rejections(SETTINGS[name](), (0.1, 0.01), runs=RUNS, calls=CALLS).items():
        assert rejected <= binom.isf(DOUBT, RUNS, alpha)
