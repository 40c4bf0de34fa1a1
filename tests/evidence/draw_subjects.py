"""Programs that draw, right and wrong, for the checkers of continuous laws, shuffles, subsets and walks.

Each is a function of a generator that gives one answer; ``FEW`` are wrong by the seeds they use, whatever they draw.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from judge.checkers.continuous import Continuous
from judge.checkers.contract import CaseFacts
from judge.checkers.evidence.wrong_shuffles import WRONG_SHUFFLES
from judge.checkers.permutation_sampler import PermutationSampler
from judge.checkers.random_walk import RandomWalk
from judge.checkers.without_replacement import WithoutReplacement

Draw = Callable[[np.random.Generator], Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One case, a right program and wrong ones."""

    checker: Any
    case: CaseFacts
    right: Draw
    wrong: dict[str, Draw]


def few(draw: Draw, seeds: int) -> Draw:
    """Wrong: only so many different seeds are told apart."""
    return lambda rng: draw(np.random.default_rng(int(rng.integers(seeds))))


def with_few(right: Draw, wrong: dict[str, Draw]) -> dict[str, Draw]:
    return wrong | {"ignores the seed": few(right, 1), "seed % 16": few(right, 16), "seed % 256": few(right, 256)}


# --- continuous: 10 numbers a call


def normal() -> Setting:
    def of(change: Callable[[Any, np.random.Generator], Any]) -> Draw:
        return lambda rng: 1.0 + 2.0 * np.asarray(change(rng.standard_normal(10), rng))

    wrong = {
        "variance for sd": of(lambda z, rng: 2 * z),
        "sd × 1.1": of(lambda z, rng: 1.1 * z),
        "mean + 0.1 sd": of(lambda z, rng: z + 0.1),
        "uniform, same mean and sd": of(lambda z, rng: rng.uniform(-(3**0.5), 3**0.5, 10)),
        "logistic, same mean and sd": of(lambda z, rng: rng.logistic(0, 3**0.5 / np.pi, 10)),
        "student_t, 5 degrees": of(lambda z, rng: rng.standard_t(5, 10)),
        "absolute value": of(lambda z, rng: np.abs(z)),
        "cut off at 2 sd": of(lambda z, rng: np.array([draw_within(rng, 2.0) for _ in z])),
        "5 % with 3 sd": of(lambda z, rng: np.where(rng.random(10) < 0.05, 3 * z, z)),
        "sum of 12 uniforms": of(lambda z, rng: rng.random((10, 12)).sum(axis=1) - 6),
        "one draw ten times": of(lambda z, rng: np.full(10, z[0])),
        "z and -z": of(lambda z, rng: np.concatenate([z[:5], -z[:5]])),
        "correlation 0.3": of(lambda z, rng: autoregressive(z, 0.3)),
    }
    right = of(lambda z, rng: z)
    case = CaseFacts(name="normal", arguments={}, expected={"normal": {"mean": 1.0, "sd": 2.0}})
    return Setting(checker=Continuous(draws=10), case=case, right=right, wrong=with_few(right, wrong))


def draw_within(rng: np.random.Generator, bound: float) -> float:
    while abs(z := rng.standard_normal()) > bound:
        pass
    return float(z)


def autoregressive(z: Any, correlation: float) -> Any:
    return np.array(list(itertools.accumulate(z, lambda x, e: correlation * x + (1 - correlation**2) ** 0.5 * e)))


def exponential() -> Setting:
    wrong: dict[str, Draw] = {
        "scale for rate": lambda rng: rng.exponential(2.0, 10),
        "rate × 1.1": lambda rng: rng.exponential(0.5 / 1.1, 10),
        "gamma, shape 1.2, same mean": lambda rng: rng.gamma(1.2, 0.5 / 1.2, 10),
        "cut off at the 99 % quantile": lambda rng: -np.log1p(-0.99 * rng.random(10)) / 2,
        "rounded to 0.1": lambda rng: np.round(rng.exponential(0.5, 10), 1),
        "normal with mean and sd 0.5, positive": lambda rng: np.abs(rng.normal(0.5, 0.5, 10)),
    }
    case = CaseFacts(name="exponential", arguments={}, expected={"exponential": {"rate": 2.0}})
    return Setting(checker=Continuous(draws=10), case=case, right=lambda rng: rng.exponential(0.5, 10), wrong=wrong)


# --- shuffles


def shuffles(size: int) -> Setting:
    items = list(range(100, 100 + size))

    def of(shuffle: Callable[[np.random.Generator, int], Any]) -> Draw:
        return lambda rng: [items[at] for at in shuffle(rng, size)]

    right = of(lambda rng, n: rng.permutation(n))
    wrong = {name: of(shuffle) for name, shuffle in WRONG_SHUFFLES.items()}
    case = CaseFacts(name=f"shuffle {size}", arguments={}, expected=items)
    return Setting(checker=PermutationSampler(), case=case, right=right, wrong=with_few(right, wrong))


# --- subsets


def reservoir() -> Setting:
    """3 of 8, a set."""

    def of(accept: Callable[[np.random.Generator, int], int]) -> Draw:
        def draw(rng: np.random.Generator) -> list[int]:
            kept = list(range(3))
            for at in range(3, 8):
                place = accept(rng, at)
                if place < 3:
                    kept[place] = at
            return kept

        return draw

    right = of(lambda rng, at: int(rng.integers(at + 1)))
    wrong = {
        "place drawn from one too few": of(lambda rng, at: int(rng.integers(at))),
        "place drawn from one too many": of(lambda rng, at: int(rng.integers(at + 2))),
        "always kept with 3/8": of(lambda rng, at: int(rng.integers(8))),
        "first item after the start skipped": of(lambda rng, at: int(rng.integers(at + 1)) if at > 3 else 3),
        "a run of 3 from anywhere": lambda rng: [int(i) for i in (rng.integers(8) + np.arange(3)) % 8],
        "one of each half and one more": lambda rng: stratified(rng),
        "each item with 3/8, then filled up": lambda rng: filled(rng),
    }
    case = CaseFacts(name="reservoir", arguments={}, expected=[1.0] * 8)
    checker = WithoutReplacement(draws=3, ordered=False)
    return Setting(checker=checker, case=case, right=right, wrong=with_few(right, wrong))


def stratified(rng: np.random.Generator) -> list[int]:
    found = [int(rng.integers(4)), 4 + int(rng.integers(4))]
    rest = [item for item in range(8) if item not in found]
    return [*found, rest[int(rng.integers(len(rest)))]]


def filled(rng: np.random.Generator) -> list[int]:
    found = [item for item in range(8) if rng.random() < 3 / 8][:3]
    return found + [item for item in range(8) if item not in found][: 3 - len(found)]


WEIGHTS = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 0.5, 0.25, 0.0, 2.0])


def weighted() -> Setting:
    """4 of 10 in the order of drawing."""

    def by(weights: Any) -> Draw:
        with np.errstate(divide="ignore"):
            scale = 1 / np.asarray(weights, dtype=float)
        return lambda rng: [int(i) for i in np.argsort(rng.exponential(size=10) * scale, kind="stable")[:4]]

    right = by(WEIGHTS)
    wrong: dict[str, Draw] = {
        "equal weights": by(WEIGHTS > 0),
        "square roots of the weights": by(np.sqrt(WEIGHTS)),
        "largest u · w": lambda rng: [int(i) for i in np.argsort(-rng.random(10) * WEIGHTS)[:4]],
        "sorted": lambda rng: sorted(right(rng)),
        "reversed": lambda rng: right(rng)[::-1],
        "first by weight, others equal": lambda rng: first_by_weight(rng),
    }
    case = CaseFacts(name="weighted", arguments={}, expected=WEIGHTS.tolist())
    return Setting(checker=WithoutReplacement(draws=4), case=case, right=right, wrong=with_few(right, wrong))


def first_by_weight(rng: np.random.Generator) -> list[int]:
    first = int(rng.choice(10, p=WEIGHTS / WEIGHTS.sum()))
    rest = [item for item in range(10) if item not in (8, first)]
    return [first, *(int(i) for i in rng.permutation(rest)[:3])]


# --- walks on 12 nodes


def graph() -> tuple[Any, Any]:
    """Rows of the walk to a uniform neighbour, and of one by symmetric edge weights from 1 to 4."""
    rng = np.random.default_rng(5)
    edges = np.triu(rng.random((12, 12)) < 0.3, k=1)
    edges[np.arange(11), np.arange(1, 12)] = edges[0, 11] = True
    weights = np.where(edges, rng.integers(1, 5, size=(12, 12)), 0).astype(float)
    weights += weights.T
    uniform = (weights > 0).astype(float)
    return uniform / uniform.sum(axis=1, keepdims=True), weights / weights.sum(axis=1, keepdims=True)


UNIFORM, WEIGHTED = graph()
START = 3
HOME = np.eye(12)[[START] * 12]


def walking(rows: Any, steps: int, stop: float = 0.0) -> Draw:
    """Walks by ``rows``; with ``steps`` 0 each node is the last one with probability ``stop``."""
    sums = np.cumsum(rows, axis=1)

    def draw(rng: np.random.Generator) -> list[int]:
        walk = [START]
        while len(walk) <= steps if steps else rng.random() >= stop:
            walk.append(int(np.searchsorted(sums[walk[-1]], rng.random() * sums[walk[-1]][-1], side="right")))
        return walk

    return draw


def never_back(rng: np.random.Generator) -> list[int]:
    walk = [START]
    for _ in range(20):
        choices = [node for node in np.flatnonzero(UNIFORM[walk[-1]]) if len(walk) < 2 or node != walk[-2]]
        walk.append(int(rng.choice(choices or [walk[-2]])))
    return walk


def walk(law: Any, right: Draw, wrong: dict[str, Draw], steps: int) -> Setting:
    case = CaseFacts(name="walk", arguments={"start": START}, expected=law)
    return Setting(checker=RandomWalk(steps=steps), case=case, right=right, wrong=with_few(right, wrong))


def uniform_walk() -> Setting:
    degree = UNIFORM * (UNIFORM > 0).sum(axis=1)
    wrong: dict[str, Draw] = {
        "edge weights used": walking(WEIGHTED, 20),
        "in proportion to degrees": walking(degree, 20),
        "first neighbour × 1.5": walking(first_times(1.5), 20),
        "never back": never_back,
        "one random number for all steps": one_number,
    }
    return walk(UNIFORM, walking(UNIFORM, 20), wrong, 20)


def first_times(factor: float) -> Any:
    rows = UNIFORM.copy()
    rows[np.arange(12), (rows > 0).argmax(axis=1)] *= factor
    return rows


def one_number(rng: np.random.Generator) -> list[int]:
    u, walk = rng.random(), [START]
    for _ in range(20):
        neighbours = np.flatnonzero(UNIFORM[walk[-1]])
        walk.append(int(neighbours[int(u * len(neighbours))]))
    return walk


def restarting_walk() -> Setting:
    law = 0.85 * WEIGHTED + 0.15 * HOME
    wrong = {
        "never restarts": walking(WEIGHTED, 20),
        "restarts with 0.1": walking(0.9 * WEIGHTED + 0.1 * HOME, 20),
        "ignores the weights": walking(0.85 * UNIFORM + 0.15 * HOME, 20),
        "0.85 and 0.15 exchanged": walking(0.15 * WEIGHTED + 0.85 * HOME, 20),
    }
    return walk(law, walking(law, 20), wrong, 20)


def ending_walk() -> Setting:
    def at_least_one(rng: np.random.Generator) -> list[int]:
        found = [START]
        while len(found) == 1:
            found = walking(UNIFORM, 0, 0.15)(rng)
        return found

    wrong = {
        "ends with 0.2": walking(UNIFORM, 0, 0.2),
        "ends with 0.1": walking(UNIFORM, 0, 0.1),
        "always makes a step": at_least_one,
        "always 6 steps": walking(UNIFORM, 6),
        "uniform length up to 12": lambda rng: walking(UNIFORM, int(rng.integers(1, 13)))(rng),
    }
    return walk(0.85 * UNIFORM, walking(UNIFORM, 0, 0.15), wrong, 0)


SETTINGS: dict[str, Callable[[], Setting]] = {
    "normal": normal,
    "exponential": exponential,
    "shuffle 10": lambda: shuffles(10),
    "shuffle 16": lambda: shuffles(16),
    "shuffle 52": lambda: shuffles(52),
    "reservoir": reservoir,
    "weighted": weighted,
    "uniform walk": uniform_walk,
    "restarting walk": restarting_walk,
    "ending walk": ending_walk,
}
