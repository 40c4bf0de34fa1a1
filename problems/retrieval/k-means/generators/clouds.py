"""Clouds of points around places of a grid, in steps of 1/64: sums are exact, and every machine makes the same."""

STEP = 64


def generate(rng, clusters, size, k, dimension, first=1, shuffled=True, paired=False, width=1.0):
    """The first cloud has ``first`` times as many points; ``paired`` clouds lie two by two; ``width`` is their size."""
    points = []
    for at, place in enumerate(_places(rng, clusters, dimension, paired)):
        points += [_near(rng, place, width) for _ in range(size * first if at == 0 else size)]
    if shuffled:
        rng.shuffle(points)
    return {"points": points, "k": k}


def _places(rng, clusters, dimension, paired):
    side = 10 if dimension < 3 else 4
    chosen = set()
    while len(chosen) < (clusters // 2 if paired else clusters):
        chosen.add(tuple(rng.randrange(side if dimension > 1 else 3 * side) for _ in range(dimension)))
    places = [[8.0 * x for x in place] for place in sorted(chosen)]
    rng.shuffle(places)
    return [[place[0] + shift, *place[1:]] for place in places for shift in ((0.0, 2.5) if paired else (0.0,))]


def _near(rng, place, width):
    return [x + round(STEP * width * (rng.random() + rng.random() - 1.0)) / STEP for x in place]
