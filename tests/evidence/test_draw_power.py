"""Wrong programs that draw are rejected, each within the stated calls in 20 of 20 runs (effort.py), at alpha 1e-6."""

from __future__ import annotations

import numpy as np
import pytest

from tests.evidence.draw_paths import calls_to_reject
from tests.evidence.draw_subjects import SETTINGS
from tests.evidence.effort import simulated

pytestmark = pytest.mark.evidence

RUNS = simulated(20)
WITHIN = {
    "normal": {
        "variance for sd": 11,
        "sd × 1.1": 495,
        "uniform, same mean and sd": 30,
        "logistic, same mean and sd": 420,
        "student_t, 5 degrees": 120,
        "absolute value": 8,
        "cut off at 2 sd": 70,
        "5 % with 3 sd": 270,
        "one draw ten times": 4,
        "z and -z": 60,
        "correlation 0.3": 130,
        "ignores the seed": 5,
        "seed % 16": 19,
        "seed % 256": 80,
    },
    "exponential": {
        "scale for rate": 10,
        "rounded to 0.1": 10,
        "normal with mean and sd 0.5, positive": 75,
    },
    "shuffle 10": {
        "Sattolo's cycle": 16,
        "last element stays": 25,
        "random comparator": 125,
        "n²/2 swaps of neighbours": 16,
        "identity in 10 %": 280,
        "rotation": 7,
        "ignores the seed": 7,
        "seed % 16": 30,
        "seed % 256": 360,
    },
    "shuffle 16": {
        "Sattolo's cycle": 13,
        "last element stays": 25,
        "random comparator": 295,
        "n²/2 swaps of neighbours": 8,
        "identity in 10 %": 210,
        "rotation": 5,
        "ignores the seed": 5,
        "seed % 16": 25,
        "seed % 256": 195,
    },
    "shuffle 52": {
        "swaps with any position": 185,
        "Sattolo's cycle": 10,
        "last element stays": 25,
        "n²/2 swaps of neighbours": 4,
        "identity in 10 %": 70,
        "rotation": 4,
        "ignores the seed": 5,
        "seed % 16": 19,
        "seed % 256": 80,
    },
    "reservoir": {
        "always kept with 3/8": 360,
        "first item after the start skipped": 105,
        "a run of 3 from anywhere": 40,
        "each item with 3/8, then filled up": 200,
        "ignores the seed": 11,
        "seed % 16": 85,
    },
    "weighted": {
        "equal weights": 50,
        "square roots of the weights": 220,
        "largest u · w": 145,
        "sorted": 35,
        "first by weight, others equal": 80,
        "ignores the seed": 10,
        "seed % 16": 45,
    },
    "uniform walk": {
        "edge weights used": 125,
        "in proportion to degrees": 235,
        "first neighbour × 1.5": 370,
        "never back": 10,
        "one random number for all steps": 5,
        "ignores the seed": 5,
        "seed % 16": 25,
        "seed % 256": 190,
    },
    "restarting walk": {
        "never restarts": 50,
        "restarts with 0.1": 535,
        "ignores the weights": 75,
        "0.85 and 0.15 exchanged": 5,
        "ignores the seed": 5,
        "seed % 16": 25,
        "seed % 256": 190,
    },
    "ending walk": {
        "ends with 0.1": 415,
        "always makes a step": 400,
        "always 6 steps": 35,
        "uniform length up to 12": 405,
        "ignores the seed": 11,
        "seed % 16": 45,
        "seed % 256": 485,
    },
}


@pytest.mark.parametrize(("label", "name"), [(label, name) for label, names in WITHIN.items() for name in names])
def test_a_wrong_program_is_rejected_within_the_stated_calls(label: str, name: str) -> None:
    setting = SETTINGS[label]()
    needed = calls_to_reject(setting, setting.wrong[name], runs=RUNS, calls=WITHIN[label][name])
    assert np.isfinite(needed).all()
