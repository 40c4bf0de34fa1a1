"""Right samplers of every make are accepted: 0 rejections in 1,000 series of 60 calls (effort.py), at alpha 1e-6."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from judge.checkers.contract import CaseFacts
from judge.checkers.sampler import Sampler
from tests.evidence.effort import simulated
from tests.unit.checkers import sampler_subjects as subjects
from tests.unit.checkers.series_driver import play

pytestmark = pytest.mark.evidence

RUNS = simulated(1000)
CALLS = 60
POINTS = subjects.points_case(4.0)  # 12 points
RIGHT = {
    "inverse CDF": (POINTS, subjects.sampler()),
    "NumPy's choice": (POINTS, subjects.sampler(draw=subjects.per_row_choice)),
    "Gumbel-max": (POINTS, subjects.sampler(draw=subjects.gumbel_max)),
    "alias": (POINTS, subjects.sampler(draw=subjects.alias)),
    "pure Python": (POINTS, subjects.pure_python),
}


def rejections(case: CaseFacts, load: Callable[[], Callable[..., Any]], runs: int) -> int:
    secrets = (run.to_bytes(32, "big") for run in range(runs))
    played = (play(Sampler(calls=CALLS), case, load, secret=secret, audited=False) for secret in secrets)
    return sum(not series.judgement.accepted for series in played)


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_sampler_is_accepted(name: str) -> None:
    case, load = RIGHT[name]
    assert rejections(case, load, RUNS) == 0


@pytest.mark.parametrize("tau", [1.0, 5.0, 20.0])
@pytest.mark.parametrize("draw", [subjects.inverse_cdf, subjects.gumbel_max_32], ids=["double", "single precision"])
def test_precision_makes_no_difference(draw: Callable[..., list[int]], tau: float) -> None:
    assert rejections(subjects.embeddings_case(tau), subjects.sampler(draw=draw), 20) == 0
