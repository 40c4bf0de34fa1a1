"""Samplers to be judged, right and wrong, and the cases they are judged on.

All have the signature ``(scores, tau, seed)``: for every row i an index j other than i with probability proportional to
exp(tau · scores[i][j]). They are put together from three parts: the probabilities, the generator, the way of drawing.
"""

from __future__ import annotations

import bisect
import itertools
import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from judge.checkers.contract import CaseFacts

Matrix = NDArray[np.float64]


def law(scores: Any, tau: float) -> Matrix:
    """The probabilities that the cases ask for."""
    logits = tau * np.asarray(scores, dtype=np.float64)
    np.fill_diagonal(logits, -np.inf)
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def points_case(temperature: float, *, count: int = 12, name: str = "points") -> CaseFacts:
    """Points in the plane; p ∝ exp(-d² / temperature)."""
    points = np.random.default_rng(0).normal(size=(count, 2))
    scores = -((points[:, None] - points[None]) ** 2).sum(axis=-1)
    return _case(name, scores, 1 / temperature)


def embeddings_case(tau: float, *, count: int = 64, dimension: int = 16, name: str = "embeddings") -> CaseFacts:
    """L2-normalised queries near L2-normalised candidates; p ∝ exp(tau Q·C)."""
    rng = np.random.default_rng(1)
    candidates = _normalised(rng.normal(size=(count, dimension)))
    queries = _normalised(candidates + rng.normal(size=(count, dimension)) / (2 * math.sqrt(dimension)))
    return _case(name, queries @ candidates.T, tau)


def _normalised(rows: Matrix) -> Matrix:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def _case(name: str, scores: Matrix, tau: float) -> CaseFacts:
    return CaseFacts(name=name, arguments={"scores": scores.tolist(), "tau": tau}, expected=law(scores, tau))


# --- ways of drawing: (probabilities, generator) to indices


def inverse_cdf(p: Matrix, rng: np.random.Generator, uniforms: Matrix | None = None) -> list[int]:
    """The number of cumulative sums that are at most u."""
    sums = np.cumsum(p, axis=1)
    u = rng.random(len(p)) if uniforms is None else uniforms
    drawn = (u[:, None] * sums[:, -1:] >= sums).sum(axis=1)
    return [int(j) for j in drawn]


def per_row_choice(p: Matrix, rng: np.random.Generator) -> list[int]:
    """NumPy's choice, row by row."""
    return [int(rng.choice(len(row), p=row)) for row in p]


def gumbel_max(p: Matrix, rng: np.random.Generator) -> list[int]:
    """The largest log-probability after Gumbel noise."""
    with np.errstate(divide="ignore"):
        return [int(j) for j in (np.log(p) + rng.gumbel(size=p.shape)).argmax(axis=1)]


def gumbel_max_32(p: Matrix, rng: np.random.Generator) -> list[int]:
    """The same in single precision."""
    with np.errstate(divide="ignore"):
        logits = np.log(p.astype(np.float32))
        noise = -np.log(-np.log(rng.random(p.shape, dtype=np.float32) * np.float32(1 - 2e-7) + np.float32(1e-7)))
    return [int(j) for j in (logits + noise).argmax(axis=1)]


def alias(p: Matrix, rng: np.random.Generator) -> list[int]:
    """Walker's alias method with Vose's tables, row by row."""
    return [_alias_row(row, float(rng.random()), int(rng.integers(len(row)))) for row in p]


def _alias_row(row: Matrix, u: float, column: int) -> int:
    scaled = [float(value) * len(row) for value in row]
    small = [j for j, value in enumerate(scaled) if value < 1]
    large = [j for j, value in enumerate(scaled) if value >= 1]
    other = list(range(len(row)))
    while small and large:
        j, k = small.pop(), large[-1]
        other[j] = k
        scaled[k] -= 1 - scaled[j]
        if scaled[k] < 1:
            small.append(large.pop())
    return column if u < scaled[column] or other[column] == column else other[column]


def one_uniform(p: Matrix, rng: np.random.Generator) -> list[int]:
    """Wrong: the same u for every row."""
    return inverse_cdf(p, rng, np.full(len(p), rng.random()))


def one_uniform_mirrored(p: Matrix, rng: np.random.Generator) -> list[int]:
    """Wrong: u for even rows, 1 - u for odd ones."""
    u = rng.random()
    return inverse_cdf(p, rng, np.where(np.arange(len(p)) % 2, 1 - u, u))


def half_the_uniforms(p: Matrix, rng: np.random.Generator) -> list[int]:
    """Wrong: the second half of the rows has the first half's numbers again."""
    return inverse_cdf(p, rng, np.tile(rng.random(len(p) // 2), 2))


def one_gumbel_row(p: Matrix, rng: np.random.Generator) -> list[int]:
    """Wrong: the same Gumbel noise for every row."""
    with np.errstate(divide="ignore"):
        return [int(j) for j in (np.log(p) + rng.gumbel(size=p.shape[1])).argmax(axis=1)]


def most_probable(p: Matrix, rng: np.random.Generator) -> list[int]:
    """Wrong: no draw at all."""
    return [int(j) for j in p.argmax(axis=1)]


# --- probabilities


def with_positive(scores: Any, tau: float) -> Matrix:
    """Wrong: the row itself can be drawn."""
    weights = np.exp(tau * (np.array(scores) - np.max(scores, axis=1, keepdims=True)))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def over_columns(scores: Any, tau: float) -> Matrix:
    """Wrong: normalised over the rows, then made to sum to 1."""
    p = np.exp(tau * (np.array(scores) - np.max(scores)))
    np.fill_diagonal(p, 0.0)
    p /= p.sum(axis=0, keepdims=True)
    return np.asarray(p / p.sum(axis=1, keepdims=True))


def tempered(factor: float) -> Callable[[Any, float], Matrix]:
    """Wrong unless ``factor`` is 1: tau times ``factor``; 0 is uniform."""
    return lambda scores, tau: law(scores, tau * factor)


def square_roots(scores: Any, tau: float) -> Matrix:
    """Wrong: d instead of d²."""
    return law(-np.sqrt(-np.minimum(scores, 0.0)), tau)


def ignoring_tau(scores: Any, tau: float) -> Matrix:
    """Wrong: tau is not used."""
    return law(scores, 1.0)


def sampler(
    draw: Callable[..., list[int]] = inverse_cdf,
    probabilities: Callable[[Any, float], Matrix] = law,
    generator: Callable[[int], Any] = np.random.default_rng,
) -> Callable[[], Callable[..., list[int]]]:
    """Returns the loader of a submission with these parts."""

    def load() -> Callable[..., list[int]]:
        return lambda scores, tau, seed: draw(probabilities(scores, tau), generator(seed))

    return load


def pure_python() -> Callable[..., list[int]]:
    """Loads a right sampler without NumPy."""

    def function(scores: list[list[float]], tau: float, seed: int) -> list[int]:
        rng = random.Random(seed)
        answer = []
        for i, row in enumerate(scores):
            peak = max(score for j, score in enumerate(row) if j != i)
            weights = [0.0 if j == i else math.exp(tau * (score - peak)) for j, score in enumerate(row)]
            sums = list(itertools.accumulate(weights))
            answer.append(bisect.bisect_right(sums, rng.random() * sums[-1]))
        return answer

    return function
