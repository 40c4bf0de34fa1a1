"""Batches of pairs. Only operations that every machine rounds alike are used: sums, products, quotients, square
roots."""

import math


def generate(rng, batch, dimension, temperature, kind="near", frequency="random", length=1.0):
    made = {"near": _near, "duplicates": _duplicates, "right": _right, "wrong": _wrong, "apart": _apart}[kind]
    queries, candidates = made(rng, batch, dimension)
    return {
        "queries": [[length * x for x in row] for row in queries],
        "candidates": [[length * x for x in row] for row in candidates],
        "log_q": {"random": _random, "equal": _equal, "skewed": _skewed}[frequency](rng, batch),
        "temperature": temperature,
    }


def _random(rng, batch):
    return [-12.0 * rng.random() for _ in range(batch)]


def _equal(_rng, batch):
    return [-6.5] * batch


def _skewed(rng, batch):
    """Every fourth candidate is in nearly every batch, and the others are rare."""
    return [-0.25 * rng.random() if at % 4 == 1 else -18.0 - 12.0 * rng.random() for at in range(batch)]


def _direction(rng, dimension):
    """A direction, evenly distributed: a point of the cube that lies in the ball. Beyond 8 dimensions too few do."""
    while True:
        vector = [2.0 * rng.random() - 1.0 for _ in range(dimension)]
        square = math.fsum(x * x for x in vector)
        if square > 0.01 and (square <= 1.0 or dimension > 8):
            return [x / math.sqrt(square) for x in vector]


def _near(rng, batch, dimension):
    """Each candidate somewhat like its query."""
    queries = [_direction(rng, dimension) for _ in range(batch)]
    return queries, [_between(query, _direction(rng, dimension)) for query in queries]


def _between(one, other):
    return [0.6 * x + 0.4 * y for x, y in zip(one, other, strict=True)]


def _duplicates(rng, batch, dimension):
    """Every candidate three times."""
    queries, candidates = _near(rng, batch, dimension)
    return queries, [candidates[at % (batch // 3)] for at in range(batch)]


def _right(_rng, batch, dimension):
    """Each candidate equals its query, and all are at right angles."""
    rows = [[float(at == axis) for axis in range(dimension)] for at in range(batch)]
    return rows, [list(row) for row in rows]


def _wrong(rng, batch, dimension):
    """Each candidate is opposite to its query."""
    rows = [_direction(rng, dimension) for _ in range(batch)]
    return rows, [[-x for x in row] for row in rows]


def _apart(rng, batch, dimension):
    """Candidates that are nearly the same; every other query is on their side, the others are opposite."""
    signs = [0.9 if at % 2 else -0.9 for at in range(batch)]
    queries = [[sign, *(0.01 * rng.random() for _ in range(dimension - 1))] for sign in signs]
    return queries, [[1.0, *(rng.random() for _ in range(dimension - 1))] for _ in range(batch)]
