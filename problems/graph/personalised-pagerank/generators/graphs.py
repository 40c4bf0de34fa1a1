"""Graphs of related pins, of several kinds."""


def generate(rng, kind, n, restart, links=0, saved=1):
    pairs = {
        "random": lambda: _random(rng, range(n), range(n), links),
        "dead-ends": lambda: _random(rng, range(n // 2), range(n), links),
        "to-itself": lambda: _random(rng, range(n), range(n), links) + [(at, at) for at in range(0, n, 2)],
        "halves": lambda: _halves(rng, n, links),
        "circle": lambda: [(at, (at + 1) % n) for at in range(n)],
        "groups": lambda: _groups(rng, n, links),
        "hubs": lambda: _hubs(rng, n, links),
    }[kind]()
    rng.shuffle(pairs)
    pins = rng.sample(range(n // 2 if kind == "halves" else n), saved)
    return {"n": n, "links": pairs, "saved": pins, "restart": restart}


def _random(rng, starts, ends, count):
    return [(rng.choice(starts), rng.choice(ends)) for _ in range(count)]


def _halves(rng, n, count):
    """Links within the lower half, within the upper half, and from the upper one down."""
    low, high = range(n // 2), range(n // 2, n)
    return (
        _random(rng, low, low, count // 2) + _random(rng, high, high, count // 4) + _random(rng, high, low, count // 4)
    )


def _groups(rng, n, count):
    """Even pins and odd pins, and one link between the groups in each direction."""
    even, odd = range(0, n, 2), range(1, n, 2)
    return _random(rng, even, even, count // 2) + _random(rng, odd, odd, count // 2) + [(0, 1), (1, 0)]


def _hubs(rng, n, count):
    """Pins with small numbers have most of the links; one pin in ten has none that leads away."""
    pairs = []
    while len(pairs) < count:
        a, b = rng.randrange(n), min(rng.randrange(n), rng.randrange(n), rng.randrange(n))
        if a % 10:
            pairs.append((a, b))
    return pairs
