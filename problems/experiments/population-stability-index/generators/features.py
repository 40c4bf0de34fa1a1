"""Two samples of a feature, and edges of bins. Only arithmetic that every machine rounds alike is used."""


def generate(rng, expected, actual, edges, kind="plain", shift=0.0, width=2.0):
    """``shift`` is added to the second sample; the edges lie within ``width`` / 2 of 0."""
    drawn = {"plain": _plain, "same": _plain, "grid": _grid, "zeros": _zeros, "tail": _tail}[kind]
    before = [drawn(rng) for _ in range(expected)]
    after = [drawn(rng) + shift for _ in range(actual)]
    if kind == "same":
        after = rng.sample(before * (actual // expected), actual)
    return {"expected": before, "actual": after, "edges": _edges(rng, edges, kind, width)}


def _plain(rng):
    """Most values within 1 of 0."""
    return rng.random() + rng.random() + rng.random() + rng.random() - 2.0


def _grid(rng):
    return (rng.randrange(12) - 6) / 4


def _zeros(rng):
    return rng.choice((-0.25, -0.0, 0.0, 0.25))


def _tail(rng):
    """One value in ten thousand or so is above 1."""
    return rng.random() if rng.random() < 0.9999 else 1.0 + 2.0 * rng.random()


def _edges(rng, count, kind, width):
    if kind == "grid":
        return [at / 4 for at in sorted(rng.sample(range(-6, 6), count))]
    if kind == "zeros":
        return [0.0]
    if kind == "tail":
        return [0.25, 0.5, 1.0, 1.5, 2.0]
    return [width * (at + 0.25 + 0.5 * rng.random()) / count - width / 2 for at in range(count)]
