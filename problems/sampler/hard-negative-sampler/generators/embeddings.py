"""Batches of unit vectors. Only operations that every machine rounds alike are used: sums, products, quotients, square
roots."""

import math


def generate(rng, kind, size, dimension, tau):
    candidates = {
        "pairs": _spread,
        "near-duplicate": _near_duplicate,
        "duplicates": _duplicates,
        "outlier": _outlier,
        "clusters": _clusters,
        "lone": _lone,
    }[kind](rng, size, dimension)
    queries = [list(c) if kind == "lone" else _near(rng, c, 0.5) for c in candidates]
    return {"queries": queries, "candidates": candidates, "tau": tau}


def _unit(vector):
    length = math.sqrt(math.fsum(x * x for x in vector))
    return [x / length for x in vector]


def _direction(rng, dimension):
    """A direction, evenly distributed: a point of the cube that lies in the ball."""
    while True:
        vector = [2.0 * rng.random() - 1.0 for _ in range(dimension)]
        if 0.01 < math.fsum(x * x for x in vector) <= 1.0:
            return _unit(vector)


def _near(rng, centre, noise):
    while True:
        vector = [x + noise * y for x, y in zip(centre, _direction(rng, len(centre)), strict=True)]
        if any(vector):
            return _unit(vector)


def _spread(rng, size, dimension):
    return [_direction(rng, dimension) for _ in range(size)]


def _near_duplicate(rng, size, dimension):
    vectors = _spread(rng, size, dimension)
    vectors[size // 2] = _near(rng, vectors[1], 1e-3)
    return vectors


def _duplicates(rng, size, dimension):
    """Every candidate three times, in mixed order."""
    vectors = _spread(rng, -(-size // 3), dimension)
    return [list(vectors[(5 * at) % len(vectors)]) for at in range(size)]


def _outlier(rng, size, dimension):
    """All on one side but one, which is opposite to them."""
    centre = _direction(rng, dimension)
    vectors = [_near(rng, centre, 0.6) for _ in range(size)]
    vectors[size // 3] = [-x for x in centre]
    return vectors


def _clusters(rng, size, dimension):
    """Four groups, each with a pair of equal candidates."""
    centres = _spread(rng, 4, dimension)
    vectors = [_near(rng, centres[at % 4], 0.15) for at in range(size)]
    vectors[4:8] = [list(vector) for vector in vectors[:4]]
    return vectors


def _lone(rng, size, dimension):
    """A third alone, the others in pairs of equals; the inner product of what is not equal is at most 0.2."""
    apart = []
    while len(apart) < size - size // 3:
        vector = _direction(rng, dimension)
        if all(math.fsum(x * y for x, y in zip(vector, other, strict=True)) <= 0.2 for other in apart):
            apart.append(vector)
    return [list(apart[at % len(apart)]) for at in range(size)]
