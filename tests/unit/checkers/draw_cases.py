"""The cases of the pages of the checkers that draw, and right programs for them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from judge.checkers.continuous import Continuous
from judge.checkers.contract import CaseFacts
from judge.checkers.permutation_sampler import PermutationSampler
from judge.checkers.random_walk import RandomWalk
from judge.checkers.without_replacement import WithoutReplacement

ITEMS = [*range(20, 32), 31, 31]  # the last item three times
WEIGHTS = [5.0, 1.0, 2.0, 0.0, 4.0, 3.0, 0.5, 2.5]
NEIGHBOURS = [[1, 2, 5], [0, 2], [0, 1, 3, 4], [2, 4], [2, 3, 5], [0, 4]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What the examples of one page are judged by and on."""

    checker: Any
    case: CaseFacts
    entry_point: str
    right: Callable[..., Any]


def waiting_times(rate: float, count: int, seed: int) -> list[float]:
    rng = random.Random(seed)
    return [rng.expovariate(rate) for _ in range(count)]


def shuffled(items: list[int], seed: int) -> list[int]:
    found = list(items)
    random.Random(seed).shuffle(found)
    return found


def sample_indices(weights: list[float], k: int, seed: int) -> list[int]:
    p = np.array(weights) / sum(weights)
    return [int(i) for i in np.random.default_rng(seed).choice(len(p), size=k, replace=False, p=p)]


def walk(neighbours: list[list[int]], start: int, length: int, seed: int) -> list[int]:
    rng, found = random.Random(seed), [start]
    while len(found) <= length:
        found.append(rng.choice(neighbours[found[-1]]))
    return found


def _rows() -> Any:
    rows = np.zeros((len(NEIGHBOURS), len(NEIGHBOURS)))
    for node, others in enumerate(NEIGHBOURS):
        rows[node, others] = 1 / len(others)
    return rows


PAGES = {
    "continuous": Page(
        checker=Continuous(draws="count"),
        case=CaseFacts(name="page", arguments={"rate": 2.0, "count": 20}, expected={"exponential": {"rate": 2.0}}),
        entry_point="waiting_times",
        right=waiting_times,
    ),
    "permutation_sampler": Page(
        checker=PermutationSampler(),
        case=CaseFacts(name="page", arguments={"items": ITEMS}, expected=ITEMS),
        entry_point="shuffled",
        right=shuffled,
    ),
    "without_replacement": Page(
        checker=WithoutReplacement(draws="k"),
        case=CaseFacts(name="page", arguments={"weights": WEIGHTS, "k": 4}, expected=WEIGHTS),
        entry_point="sample_indices",
        right=sample_indices,
    ),
    "random_walk": Page(
        checker=RandomWalk(steps="length"),
        case=CaseFacts(name="page", arguments={"neighbours": NEIGHBOURS, "start": 2, "length": 15}, expected=_rows()),
        entry_point="walk",
        right=walk,
    ),
}
