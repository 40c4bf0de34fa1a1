"""Shuffles that are not uniform, each a common mistake: what the power of ``permutation_sampler`` is stated for."""

from __future__ import annotations

from functools import cmp_to_key

import numpy as np

from judge.checkers.evidence.shuffles import Shuffle


def naive_swaps(rng: np.random.Generator, size: int) -> list[int]:
    """Every position is swapped with one drawn from all positions, instead of from those not yet filled."""
    order = list(range(size))
    for at, other in enumerate(rng.integers(size, size=size)):
        order[at], order[other] = order[other], order[at]
    return order


def sattolo(rng: np.random.Generator, size: int) -> list[int]:
    """Fisher and Yates without the swap of an element with itself: cycles of all elements only (Sattolo 1986)."""
    order = list(range(size))
    for at in range(size - 1, 0, -1):
        other = int(rng.integers(at))
        order[at], order[other] = order[other], order[at]
    return order


def last_stays(rng: np.random.Generator, size: int) -> list[int]:
    """The loop of Fisher and Yates begins one position too late: the last element is never moved."""
    return [*(int(item) for item in rng.permutation(size - 1)), size - 1]


def random_comparator(rng: np.random.Generator, size: int) -> list[int]:
    """Sorting with a comparison that tosses a coin."""
    return sorted(range(size), key=cmp_to_key(lambda first, second: 1 if rng.random() < 0.5 else -1))


def one_pass_of_neighbours(rng: np.random.Generator, size: int) -> list[int]:
    """Neighbours are swapped with probability ½, n² / 2 times in a row."""
    order = list(range(size))
    for at, toss in zip(rng.integers(size - 1, size=size * size // 2), rng.random(size * size // 2), strict=True):
        if toss < 0.5:
            order[at], order[at + 1] = order[at + 1], order[at]
    return order


def identity_one_in_ten(rng: np.random.Generator, size: int) -> list[int]:
    """One call in ten leaves everything where it was."""
    return list(range(size)) if rng.random() < 0.1 else [int(item) for item in rng.permutation(size)]


def rotation(rng: np.random.Generator, size: int) -> list[int]:
    """A random rotation."""
    begin = int(rng.integers(size))
    return [*range(begin, size), *range(begin)]


WRONG_SHUFFLES: dict[str, Shuffle] = {
    "swaps with any position": naive_swaps,
    "Sattolo's cycle": sattolo,
    "last element stays": last_stays,
    "random comparator": random_comparator,
    "n²/2 swaps of neighbours": one_pass_of_neighbours,
    "identity in 10 %": identity_one_in_ten,
    "rotation": rotation,
}
