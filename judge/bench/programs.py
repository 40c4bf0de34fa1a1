"""The submissions of the workloads, as source text, and what they are called with."""

from __future__ import annotations

import random
from typing import Any

TRIVIAL = "def add(a, b):\n    return a + b\n"

WINDOW = """\
def shortest_cover_all_distinct(ids):
    needed = len(set(ids))
    if not needed:
        return (-1, -1)
    counts, best, left = {}, None, 0
    for right, item in enumerate(ids):
        counts[item] = counts.get(item, 0) + 1
        while len(counts) == needed:
            if best is None or right - left < best[1] - best[0]:
                best = (left, right)
            first = ids[left]
            counts[first] -= 1
            if not counts[first]:
                del counts[first]
            left += 1
    return best
"""

SAMPLER = """\
import numpy as np


def sample_hard_negatives(queries, candidates, tau, seed):
    logits = tau * np.array(queries) @ np.array(candidates).T
    np.fill_diagonal(logits, -np.inf)
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    edges = weights.cumsum(axis=1)
    draws = np.random.default_rng(seed).random(len(edges)) * edges[:, -1]
    return [int(np.searchsorted(row, draw, side="right")) for row, draw in zip(edges, draws)]


def sample_many(queries, candidates, tau, seeds):
    return [sample_hard_negatives(queries, candidates, tau, seed) for seed in seeds]
"""


def feeds(count: int, length: int, distinct: int) -> list[dict[str, Any]]:
    """Returns the arguments of ``count`` window tests: feeds of ``length`` ids, ``distinct`` different ones."""
    rng = random.Random(1)
    return [{"ids": [rng.randrange(distinct) for _ in range(length)]} for _ in range(count)]


def embeddings(size: int, dimension: int) -> dict[str, Any]:
    """Returns queries and candidates, ``size`` unit vectors each, and a temperature."""
    rng = random.Random(2)
    return {
        "queries": [_unit(rng, dimension) for _ in range(size)],
        "candidates": [_unit(rng, dimension) for _ in range(size)],
        "tau": 4.0,
    }


def _unit(rng: random.Random, dimension: int) -> list[float]:
    vector = [rng.gauss(0.0, 1.0) for _ in range(dimension)]
    length = sum(x * x for x in vector) ** 0.5
    return [x / length for x in vector]


def law(arguments: dict[str, Any]) -> Any:
    """Returns the probabilities that ``SAMPLER`` draws from, an array of shape (size, size)."""
    import numpy as np

    logits = arguments["tau"] * np.array(arguments["queries"]) @ np.array(arguments["candidates"]).T
    np.fill_diagonal(logits, -np.inf)
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
