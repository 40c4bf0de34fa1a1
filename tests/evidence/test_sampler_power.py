"""Wrong samplers are rejected, each within the stated calls in 20 of 20 runs (effort.py), at alpha 1e-6."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.evidence import sampler_paths as paths
from tests.evidence.effort import simulated
from tests.unit.checkers import sampler_subjects as subjects

pytestmark = pytest.mark.evidence

RUNS = simulated(20)
CASES = {
    "points 0.25": subjects.points_case(0.25),
    "points 4": subjects.points_case(4.0),
    "embeddings 1": subjects.embeddings_case(1.0),
    "embeddings 5": subjects.embeddings_case(5.0),
    "embeddings 20": subjects.embeddings_case(20.0),
}


def wrong_samplers(label: str) -> dict[str, paths.Draws]:
    """The wrong samplers, by name, for one case."""
    case = CASES[label]
    p: Any = case.expected
    scores, tau = case.arguments["scores"], case.arguments["tau"]
    uniform = subjects.law(scores, 0.0)
    return {
        "uniform": paths.of_law(uniform),
        "ignores tau": paths.of_law(subjects.law(scores, 1.0)),
        "argmax": paths.constant(p.argmax(axis=1)),
        "tau × 2": paths.of_law(subjects.law(scores, 2 * tau)),
        "tau / 2": paths.of_law(subjects.law(scores, tau / 2)),
        "tau × 1.2": paths.of_law(subjects.law(scores, 1.2 * tau)),
        "d instead of d²": paths.of_law(subjects.square_roots(scores, tau)),
        "softmax over columns": paths.of_law(subjects.over_columns(scores, tau)),
        "5 % uniform": paths.of_law(0.95 * p + 0.05 * uniform),
        "top-p 0.95": paths.of_law(paths.truncated(p, 0.95)),
        "one u for all rows": paths.sharing(p, paths.one_uniform),
        "u and 1 - u": paths.sharing(p, paths.mirrored),
        "half the uniforms": paths.sharing(p, paths.tiled),
        "one Gumbel row": paths.one_gumbel_row(p),
        "ignores the seed": paths.few_seeds(p, 1),
        "seed % 16": paths.few_seeds(p, 16),
        "seed % 256": paths.few_seeds(p, 256),
    }


WITHIN = {
    "points 0.25": {
        "uniform": 4,
        "ignores tau": 8,
        "argmax": 8,
        "tau × 2": 40,
        "tau / 2": 30,
        "tau × 1.2": 400,
        "d instead of d²": 20,
        "softmax over columns": 40,
        "5 % uniform": 80,
        "top-p 0.95": 700,
        "one u for all rows": 60,
        "u and 1 - u": 60,
        "half the uniforms": 150,
        "one Gumbel row": 600,
        "ignores the seed": 8,
        "seed % 16": 30,
        "seed % 256": 700,
    },
    "points 4": {
        "uniform": 30,
        "ignores tau": 20,
        "argmax": 4,
        "tau × 2": 80,
        "tau / 2": 150,
        "d instead of d²": 60,
        "softmax over columns": 250,
        "top-p 0.95": 900,
        "one u for all rows": 10,
        "u and 1 - u": 10,
        "half the uniforms": 50,
        "one Gumbel row": 30,
        "ignores the seed": 4,
        "seed % 16": 20,
        "seed % 256": 190,
    },
    "embeddings 1": {
        "uniform": 30,
        "argmax": 2,
        "tau × 2": 30,
        "tau / 2": 120,
        "top-p 0.95": 120,
        "one u for all rows": 2,
        "u and 1 - u": 2,
        "half the uniforms": 30,
        "one Gumbel row": 2,
        "ignores the seed": 4,
        "seed % 16": 20,
        "seed % 256": 100,
    },
    "embeddings 5": {
        "uniform": 2,
        "ignores tau": 4,
        "argmax": 2,
        "tau × 2": 4,
        "tau / 2": 6,
        "tau × 1.2": 40,
        "softmax over columns": 80,
        "top-p 0.95": 120,
        "one u for all rows": 2,
        "u and 1 - u": 2,
        "half the uniforms": 30,
        "one Gumbel row": 20,
        "ignores the seed": 4,
        "seed % 16": 20,
        "seed % 256": 100,
    },
    "embeddings 20": {
        "uniform": 2,
        "ignores tau": 2,
        "argmax": 2,
        "tau × 2": 8,
        "tau / 2": 2,
        "tau × 1.2": 50,
        "softmax over columns": 8,
        "5 % uniform": 20,
        "top-p 0.95": 80,
        "one u for all rows": 20,
        "u and 1 - u": 20,
        "half the uniforms": 80,
        "ignores the seed": 4,
        "seed % 16": 20,
        "seed % 256": 100,
    },
}


@pytest.mark.parametrize(("label", "name"), [(label, name) for label, names in WITHIN.items() for name in names])
def test_a_wrong_sampler_is_rejected_within_the_stated_calls(label: str, name: str) -> None:
    calls = WITHIN[label][name]
    needed = paths.calls_to_reject(CASES[label], wrong_samplers(label)[name], runs=RUNS, calls=calls)
    assert np.isfinite(needed).all()


def golden_stride(p: Any, run: int) -> paths.Draws:
    """u = frac(offset + seed · golden ratio) in every row, for runs of consecutive seeds that begin anywhere."""

    def draws(rng: np.random.Generator, calls: int) -> Any:
        begins = rng.random((-(-calls // run), 1))
        seeds = (begins + 0.6180339887498949 * np.arange(run)).ravel()[:calls]
        return paths.inverse(p, (seeds[:, None] + rng.random(len(p))) % 1.0)

    return draws


def test_a_stride_over_consecutive_seeds_is_rejected_when_they_are_asked_for() -> None:
    case = CASES["points 4"]
    needed = paths.calls_to_reject(case, golden_stride(case.expected, 8), runs=RUNS, calls=190, run=8)
    assert np.isfinite(needed).all()
