"""Bets on numbers that describe a shuffle: fixed points, cycles, inversions, successions.

For a statistic S of a permutation whose generating function G(θ) = E[θ^S] under the uniform law is known, the factor
θ^S / G(θ) has mean 1 in every call: a martingale, averaged over several θ. Sources: fixed points, G = Σ_k (θ-1)^k/k!
(inclusion and exclusion); cycles, G = Π_i (θ+i-1)/i (Stirling); inversions, G = Π_i (1-θ^i)/(i (1-θ)) (Rodrigues
1839); successions a_{t+1} = a_t + 1, G = Σ_k (θ-1)^k (n-k)/(n k!), by gluing k pairs.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from judge.stats.arrays import Floats, Ints
from judge.stats.eprocess import Martingale, log_mean_exp
from judge.stats.law import Block
from judge.stats.orders import MOST_ELEMENTS

THETAS = (0.02, 0.25, 0.5, 2.0, 4.0)
DEVIATIONS = (-3.0, -1.0, -0.25, 0.25, 1.0, 3.0)  # ln θ for inversions, times their standard deviation


class StatisticBets:
    """Bets on one statistic, averaged over θ; ``log_means`` are ln G(θ)."""

    def __init__(self, name: str, statistic: Callable[[Ints], Ints], log_thetas: Floats, log_means: Floats) -> None:
        self.name = name
        self._statistic = statistic
        self._log_thetas = log_thetas
        self._log_means = log_means
        self._logs = np.zeros(len(log_thetas))

    def advance(self, block: Block) -> Floats:
        """As of a Martingale."""
        values = self._statistic(block.answers)
        steps = np.outer(self._log_thetas, values) - self._log_means[:, None]
        path = self._logs[:, None] + np.cumsum(steps, axis=1)
        self._logs = path[:, -1]
        return log_mean_exp(path, axis=0)


def statistic_bets(size: int) -> list[Martingale]:
    """Returns fresh bets on all four statistics of permutations of 0, ..., ``size`` - 1."""
    logs = np.log(THETAS)
    slopes = np.array(DEVIATIONS) / math.sqrt(size * (size - 1) * (2 * size + 5) / 72)
    return [
        StatisticBets("fixed_points", fixed_points, logs, np.log([_fixed_points(theta, size) for theta in THETAS])),
        StatisticBets("cycles", cycles, logs, np.array([_cycles(theta, size) for theta in THETAS])),
        StatisticBets("successions", successions, logs, np.log([_successions(theta, size) for theta in THETAS])),
        StatisticBets("inversions", inversions, slopes, np.array([_inversions(slope, size) for slope in slopes])),
    ]


def fixed_points(permutations: Ints) -> Ints:
    """Returns how many positions t of each permutation hold t."""
    return np.asarray((permutations == np.arange(permutations.shape[1])).sum(axis=1))


def cycles(permutations: Ints) -> Ints:
    """Returns the number of cycles: every element learns the least of its cycle, in doubling steps."""
    least = np.broadcast_to(np.arange(permutations.shape[1]), permutations.shape)
    ahead = permutations
    for _ in range(permutations.shape[1].bit_length()):
        least = np.minimum(least, np.take_along_axis(least, ahead, axis=1))
        ahead = np.take_along_axis(ahead, ahead, axis=1)
    return np.asarray((least == np.arange(permutations.shape[1])).sum(axis=1))


def successions(permutations: Ints) -> Ints:
    """Returns how many elements are followed by the next larger one."""
    return np.asarray((np.diff(permutations, axis=1) == 1).sum(axis=1))


def inversions(permutations: Ints) -> Ints:
    """Returns how many pairs are in falling order."""
    size = permutations.shape[1]
    later = np.triu(np.ones((size, size), dtype=np.bool_), k=1)
    step = max(1, MOST_ELEMENTS // size**2)
    parts = [permutations[begin : begin + step] for begin in range(0, len(permutations), step)]
    return np.concatenate([((part[:, :, None] > part[:, None, :]) & later).sum(axis=(1, 2)) for part in parts])


def _fixed_points(theta: float, size: int) -> float:
    return math.fsum((theta - 1) ** k / math.factorial(k) for k in range(min(size, 60) + 1))


def _cycles(theta: float, size: int) -> float:
    return math.fsum(math.log((theta + i - 1) / i) for i in range(1, size + 1))


def _successions(theta: float, size: int) -> float:
    return math.fsum((theta - 1) ** k * (size - k) / (size * math.factorial(k)) for k in range(min(size - 1, 60) + 1))


def _inversions(slope: float, size: int) -> float:
    return math.fsum(math.log(math.expm1(slope * i) / (i * math.expm1(slope))) for i in range(1, size + 1))


def swap_tables(size: int) -> Floats:
    """Returns (4, n, n) factors n · P(item j comes to position t) of shuffles that swap with any position.

    Position t is swapped with one drawn from *all* positions, for t upwards: M_t' = mean of the rows, the other rows
    M_s' = (1 - 1/n) M_s + M_t/n. The others are for t downwards, and for the inverse orders of both."""
    table = np.eye(size)
    for at in range(size):
        moved, mean = table[at] / size, table.mean(axis=0)
        table = table * (1 - 1 / size) + moved
        table[at] = mean
    down = table[::-1, ::-1]
    return size * np.array([table, down, table.T, down.T])
