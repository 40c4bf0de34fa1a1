"""What the experiments on the sampler share: many calls of right and wrong samplers at once, and their e-process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from judge.checkers.contract import CaseFacts
from judge.stats.eprocess import EProcess
from judge.stats.law import RowLaw
from judge.stats.suite import rows_suite

BLOCK = 64  # calls; the path does not depend on it

Draws = Callable[[np.random.Generator, int], NDArray[np.int64]]


def process(
    law: RowLaw, answers: NDArray[np.int64], rng: np.random.Generator, alpha: float, *, run: int = 1
) -> EProcess:
    """Returns the e-process over all calls; ``answers`` is (calls, rows of the law)."""
    evidence = rows_suite(law, alpha=alpha, calls=len(answers), run=run)
    for begin in range(0, len(answers), BLOCK):
        free = answers[begin : begin + BLOCK, law.free]
        evidence.observe(law.block(free, rng.random(free.shape)))
    return evidence


def calls_to_reject(
    case: CaseFacts, draws: Draws, *, runs: int, calls: int, alpha: float = 1e-6, run: int = 1
) -> NDArray[np.float64]:
    """Returns, for each run, the call at which it was rejected; infinity when it was not."""
    law = RowLaw.of(case.expected)
    counts = []
    for replicate in range(runs):
        rng = np.random.default_rng([20, replicate])
        counts.append(process(law, draws(rng, calls), rng, alpha, run=run).rejected_at or np.inf)
    return np.array(counts)


def inverse(p: Any, uniforms: NDArray[np.float64]) -> NDArray[np.int64]:
    """Returns the answers to ``uniforms``, (calls, rows), by inverting each row's distribution function."""
    sums = np.cumsum(p, axis=1)
    drawn = [np.searchsorted(row, uniforms[:, i] * row[-1], side="right") for i, row in enumerate(sums)]
    return np.stack(drawn, axis=1)


def of_law(p: Any) -> Draws:
    """Independent draws from the rows of ``p``."""
    return lambda rng, calls: inverse(p, rng.random((calls, len(p))))


def sharing(p: Any, share: Callable[[np.random.Generator, int, int], NDArray[np.float64]]) -> Draws:
    """Draws from ``p`` with the uniforms that ``share(rng, calls, rows)`` gives."""
    return lambda rng, calls: inverse(p, share(rng, calls, len(p)))


def one_uniform(rng: np.random.Generator, calls: int, rows: int) -> NDArray[np.float64]:
    """The same u for every row."""
    return np.repeat(rng.random((calls, 1)), rows, axis=1)


def mirrored(rng: np.random.Generator, calls: int, rows: int) -> NDArray[np.float64]:
    """u for even rows, 1 - u for odd ones."""
    u = rng.random((calls, 1))
    return np.where(np.arange(rows) % 2, 1 - u, u)


def tiled(rng: np.random.Generator, calls: int, rows: int) -> NDArray[np.float64]:
    """The second half of the rows repeats the first half's numbers."""
    return np.tile(rng.random((calls, rows // 2)), (1, 2))


def few_seeds(p: Any, count: int) -> Draws:
    """A right sampler that sees the seed modulo ``count``."""

    def draws(rng: np.random.Generator, calls: int) -> NDArray[np.int64]:
        return inverse(p, rng.random((count, len(p))))[rng.integers(count, size=calls)]

    return draws


def constant(answer: NDArray[np.int64]) -> Draws:
    """One answer, always."""
    return lambda rng, calls: np.tile(answer, (calls, 1))


def one_gumbel_row(p: Any) -> Draws:
    """The largest log-probability after the same noise in every row."""
    with np.errstate(divide="ignore"):
        logs = np.log(p)
    return lambda rng, calls: (logs + rng.gumbel(size=(calls, 1, p.shape[1]))).argmax(axis=2)


def truncated(p: Any, kept: float) -> Any:
    """The law restricted to each row's most probable indices that together hold ``kept``."""
    order = np.argsort(-p, axis=1)
    ranked = np.take_along_axis(p, order, axis=1)
    mask = np.zeros(p.shape, dtype=bool)
    np.put_along_axis(mask, order, np.cumsum(ranked, axis=1) - ranked < kept, axis=1)
    return np.where(mask, p, 0.0) / np.where(mask, p, 0.0).sum(axis=1, keepdims=True)
