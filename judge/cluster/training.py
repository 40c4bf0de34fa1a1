"""Rewards in the shapes that training frameworks call.

verl calls ``compute_score`` for one sample, its batch manager ``compute_scores`` for many, both by these parameters'
names; Ray Data makes a ``Scores`` in each of its workers and calls it with batches of columns. What has no score is
None, in a column of numbers NaN, never 0: whoever trains leaves it out. The cluster is that of ``reward_on``, opened at
the first call and kept for the life of the process.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from judge.batch.completions import extracted
from judge.cluster.reward import Reward, reward_on
from judge.errors import InfrastructureError

Batch = Callable[[Sequence[Mapping[str, str]]], list[float | None]]  # what a Reward is called with, and gives

_lock = threading.Lock()
_opened: Reward | None = None


def compute_score(
    data_source: str, solution_str: str, ground_truth: str, extra_info: Mapping[str, Any] | None = None
) -> float | None:
    """Returns the score of one answer of a model, 0 to 1, or None; raises SubmissionError without Ray.

    ``ground_truth`` is the problem's slug, unless ``extra_info`` has a ``problem``; it may have a ``language`` too. The
    program is the answer's first fenced block of Python, else the whole answer. ``data_source`` is not looked at.
    """
    return compute_scores([data_source], [solution_str], [ground_truth], [extra_info])[0]


def compute_scores(
    data_sources: Sequence[str],
    solution_strs: Sequence[str],
    ground_truths: Sequence[str],
    extra_infos: Sequence[Mapping[str, Any] | None],
) -> list[float | None]:
    """As ``compute_score``, for many answers at once, which the whole cluster grades."""
    asked = [
        submission_of(answer, truth, extra)
        for _, answer, truth, extra in zip(data_sources, solution_strs, ground_truths, extra_infos, strict=True)
    ]
    return scores_by(_shared, asked)


def scores_by(reward: Callable[[], Batch], asked: Sequence[Mapping[str, str]]) -> list[float | None]:
    """Asks what ``reward`` opens; None for all when it cannot be opened or fails as a whole."""
    try:
        return reward()(asked)
    except InfrastructureError:
        return [None] * len(asked)


def submission_of(answer: str, truth: str, extra: Mapping[str, Any] | None) -> dict[str, str]:
    """Returns what a reward is asked for."""
    more = extra or {}
    problem, language = str(more.get("problem") or truth), str(more.get("language") or "python3")
    return {"problem": problem, "source": extracted(answer), "language": language}


class Scores:
    """For ``Dataset.map_batches``: adds the columns ``score`` (NaN: there is none) and ``refused`` (why, or empty).

    The batches need the columns ``problem`` and ``source``; ``language`` may be there.
    """

    def __init__(self, address: str = "auto", reward: Reward | None = None) -> None:
        """Opens the cluster at ``address``, or takes a reward that is open. Raises InfrastructureError."""
        self._reward = reward_on(address).__enter__() if reward is None else reward

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Returns the batch with both columns. Raises KeyError when one is missing."""
        names = [name for name in ("problem", "source", "language") if name in batch or name != "language"]
        columns = [batch[name] for name in names]
        asked = [
            {name: str(value) for name, value in zip(names, row, strict=True)} for row in zip(*columns, strict=True)
        ]
        scores = self._reward(asked)
        refused = [self._reward.refused.get(number, "") for number in range(len(asked))]
        return {**batch, "score": [math.nan if score is None else score for score in scores], "refused": refused}


def _shared() -> Reward:
    global _opened
    with _lock:  # held while it is opened alone: verl scores samples in as many threads as it has
        if _opened is None:
            _opened = reward_on("auto").__enter__()
        return _opened
