"""Rewards as verl and Ray Data call them."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import numpy as np
import pytest

from judge.batch.lines import Submission
from judge.batch.pump import Outcome
from judge.cluster import training
from judge.cluster.node import Grade
from judge.cluster.reward import Reward
from judge.errors import InfrastructureError
from tests.unit.cluster.test_reward import grade, opened

FENCED = "It is a third:\n```python\n1/3\n```\n"


@pytest.fixture
def reward(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reward]:
    """A reward that obeys the source, as the one of this process."""
    with Reward(opened()) as found:
        monkeypatch.setattr(training, "_opened", found)
        yield found


@pytest.mark.usefixtures("reward")
def test_verl_calls_it_by_these_names() -> None:
    def score(answer: str, truth: str = "p", **extra: object) -> float | None:
        return training.compute_score(
            data_source="ours", solution_str=answer, ground_truth=truth, extra_info=extra or None
        )

    assert score("1") == 1.0
    assert score("0") == 0.0
    assert score(FENCED) == pytest.approx(1 / 3)
    assert score("1", truth="none") is None  # refused
    assert score("1", truth="none", problem="p", index=7) == 1.0
    assert [score("fault"), score("raise")] == [None, None]


@pytest.mark.usefixtures("reward")
def test_many_are_scored_in_one_call() -> None:
    found = training.compute_scores(
        data_sources=["ours"] * 3, solution_strs=["1", "fault", "1/2"], ground_truths=["p"] * 3, extra_infos=[None] * 3
    )
    assert found == [1.0, None, 0.5]
    with pytest.raises(ValueError, match="zip"):
        training.compute_scores(["ours"], ["1", "1"], ["p"], [None])


def test_threads_are_scored_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with Reward(both_at_once()) as found:
        monkeypatch.setattr(training, "_opened", found)
        with ThreadPoolExecutor(2) as threads:
            assert list(threads.map(lambda answer: training.compute_score("", answer, "p"), ["1", "1"])) == [1.0, 1.0]


@asynccontextmanager
async def both_at_once() -> AsyncIterator[tuple[Grade, int]]:
    """Grades nothing before the second one has come."""
    barrier = asyncio.Barrier(2)

    async def meet(line: Submission) -> Outcome:
        async with asyncio.timeout(30):
            await barrier.wait()
        return await grade(line)

    yield meet, 2


def test_a_cluster_that_cannot_be_opened_scores_nothing() -> None:
    def closed() -> Reward:
        raise InfrastructureError("no cluster")

    assert training.scores_by(closed, [{"problem": "p", "source": "1"}] * 2) == [None, None]


def test_ray_data_gets_two_more_columns(reward: Reward) -> None:
    scores = training.Scores(reward=reward)
    batch = {"problem": np.array(["p", "none", "p"]), "source": np.array(["1/4", "1", "fault"]), "more": np.arange(3)}
    found = scores(batch)
    assert found["score"][0] == 0.25
    assert all(math.isnan(score) for score in found["score"][1:])
    assert found["refused"] == ["", "no such problem", "the node was lost"]
    assert found["more"] is batch["more"]
    with pytest.raises(KeyError, match="source"):
        scores({"problem": ["p"]})
