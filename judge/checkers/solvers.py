"""Optima that SciPy finds, to verify answer keys with.

SciPy is imported at the first call: it takes seconds, and keys are verified when a plan is compiled, not when it is
used. Each function returns None for what it cannot solve exactly or in a reasonable time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from judge.checkers.certificates import total
from judge.checkers.graphs import Network

_DENSE = 1 << 22  # elements of a matrix
_EXACT = 1 << 53  # sums up to here are exact in float64
_INT32 = (1 << 31) - 1


def best_assignment(rows: Sequence[Sequence[Any]], greatest: bool) -> Any:
    """Returns the best sum of elements of a matrix, no two in one row or column (Crouse 2016)."""
    if not rows or len(rows) * len(rows[0]) > _DENSE or sum(abs(number) for row in rows for number in row) > _EXACT:
        return None
    from scipy.optimize import linear_sum_assignment

    chosen = linear_sum_assignment(np.array(rows, np.float64), maximize=greatest)
    return total([rows[row][column] for row, column in zip(*chosen, strict=True)])


def greatest_matching(network: Network) -> int:
    """Returns the size of the greatest matching of a bipartite graph (Hopcroft and Karp 1973)."""
    if not network.tails:
        return 0
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    pairs = np.array(sorted(set(zip(network.tails, network.heads, strict=True))))
    shape = (network.vertices.count, network.vertices.count)
    allowed = csr_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=shape)
    return int((maximum_bipartite_matching(allowed) >= 0).sum())


def heaviest_matching(network: Network) -> Any:
    """Returns the weight of the heaviest matching of a bipartite graph: an assignment where 0 stands for no edge."""
    count = network.vertices.count
    if count * count > _DENSE:
        return None
    gains: list[list[Any]] = [[0] * count for _ in range(count)]
    for tail, head, weight in zip(network.tails, network.heads, network.weights, strict=True):
        gains[tail][head] = max(gains[tail][head], weight)
    return best_assignment(gains, True) if count else 0


def greatest_flow(network: Network, source: int, target: int) -> int | None:
    """Returns the greatest value of a flow with integers as capacities (Dinic 1970)."""
    if any(isinstance(capacity, float) for capacity in network.weights) or sum(network.weights) > _INT32:
        return None
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    shape = (network.vertices.count, network.vertices.count)
    values = np.array(network.weights, np.int32)
    capacities = csr_array((values, (network.tails, network.heads)), shape=shape)  # the sum of parallel edges
    return int(maximum_flow(capacities, source, target).flow_value)
