"""The best of many runs of Lloyd's algorithm from spread-out starts; on a line the optimum, by dynamic programming.

Coordinates are multiples of 1/64, and everything but a division is done element by element or with ``fsum``: every
machine finds the same.
"""

import math
import random

import numpy as np

STARTS = 30


def k_means(points, k):
    points = np.asarray(points, dtype=np.float64)
    if points.shape[1] == 1:
        return _line(sorted(points[:, 0].tolist()), k)
    rng = random.Random(7)
    return min(_inertia(points, _lloyd(points, _start(points, k, rng))) for _ in range(STARTS))


def _line(values, k):
    """Clusters on a line are stretches: the best cost of the first j values in c stretches, for each c in turn."""
    n = len(values)
    cost = [[_spread(values[i:j]) if j > i else 0.0 for j in range(n + 1)] for i in range(n + 1)]
    best = cost[0]
    for _ in range(k - 1):
        best = [min(best[i] + cost[i][j] for i in range(j + 1)) for j in range(n + 1)]
    return best[n]


def _spread(values):
    mean = math.fsum(values) / len(values)
    return math.fsum((x - mean) ** 2 for x in values)


def _squares(points, centre):
    """The squared distance of every point to one place, summed over the coordinates from the first to the last."""
    total = np.zeros(len(points))
    for column, x in zip(points.T, centre, strict=True):
        total += (column - x) ** 2
    return total


def _start(points, k, rng):
    """k-means++ (Arthur and Vassilvitskii 2007): each further centre in proportion to the squared distance."""
    centres = [points[rng.randrange(len(points))]]
    nearest = _squares(points, centres[0])
    while len(centres) < k and nearest.any():
        weights = nearest.tolist()
        centres.append(points[rng.choices(range(len(points)), weights)[0]])
        nearest = np.minimum(nearest, _squares(points, centres[-1]))
    return centres


def _lloyd(points, centres):
    labels = None
    while True:
        found = np.argmin([_squares(points, centre) for centre in centres], axis=0)
        if labels is not None and (found == labels).all():
            return labels
        labels = found
        members = [points[labels == c] for c in range(len(centres))]
        centres = [_mean(inside) if len(inside) else centres[c] for c, inside in enumerate(members)]


def _mean(inside):
    return np.array([math.fsum(column) / len(inside) for column in inside.T.tolist()])


def _inertia(points, labels):
    clusters = (points[labels == c] for c in set(labels.tolist()))
    return math.fsum(square for inside in clusters for square in _squares(inside, _mean(inside)).tolist())
