"""Points in clusters, each linked to its nearest ones in both directions, and to one anywhere."""

import math


def generate(rng, n, dimension, queries, k, links, budget):
    centres = [[rng.random() for _ in range(dimension)] for _ in range(12)]
    points = [_near(rng, rng.choice(centres)) for _ in range(n)]
    asked = [_near(rng, rng.choice(centres)) for _ in range(queries)]
    linked = [set() for _ in range(n)]
    for a, point in enumerate(points):
        near = sorted((b for b in range(n) if b != a), key=lambda b: math.dist(point, points[b]))[:links]
        for b in [*near, rng.choice([b for b in range(n) if b != a])]:
            linked[a].add(b)
            linked[b].add(a)
    return {
        "neighbours": [rng.sample(sorted(others), len(others)) for others in linked],
        "entry": rng.randrange(n),
        "queries": queries,
        "k": k,
        "points": points,
        "asked": asked,
        "budget": budget,
    }


def _near(rng, centre):
    return [x + rng.gauss(0.0, 0.12) for x in centre]
