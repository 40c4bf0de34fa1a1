"""Pairs of pins of several kinds. Similarities are hundredths, so that many are equal to a threshold."""

import math


def generate(rng, kind, n, threshold, count=0, bridge=None, centre=None):
    pairs = {
        "random": lambda: _random(rng, n, count),
        "bridges": lambda: _bridges(rng, n, count, threshold, bridge),
        "repeated": lambda: _repeated(rng, n, count, threshold),
        "themselves": lambda: [(at % n, at % n, 1.0) for at in range(count)],
        "chain": lambda: _chain(rng, rng.sample(range(n), n), threshold),
        "interleaved": lambda: _chain(rng, range(0, n, 2), threshold) + _chain(rng, range(1, n, 2), threshold),
        "star": lambda: _star(n, threshold, centre),
    }[kind]()
    if kind != "star":
        rng.shuffle(pairs)
    return {"n": n, "pairs": pairs, "threshold": threshold}


def _hundredths(rng, low=0, high=100):
    return rng.randint(low, high) / 100


def _random(rng, n, count):
    return [(rng.randrange(n), rng.randrange(n), _hundredths(rng)) for _ in range(count)]


def _bridges(rng, n, count, threshold, bridge):
    """Five groups, pin modulo 5, and twelve pairs between groups: at the threshold, or next to it but below."""
    pairs = []
    while len(pairs) < count:
        a, b = rng.randrange(n), rng.randrange(n)
        if a % 5 == b % 5:
            pairs.append((a, b, _hundredths(rng, 90)))
    similarity = threshold if bridge == "at" else math.nextafter(threshold, 0.0)
    return pairs + [(a, (a + rng.randrange(1, 5)) % n, similarity) for a in rng.sample(range(n), 12)]


def _repeated(rng, n, count, threshold):
    """Each of a few pairs several times, in both orders; the threshold is reached once or never."""
    some = [(rng.randrange(n), rng.randrange(n)) for _ in range(count // 4)]
    pairs = [(b, a, _hundredths(rng, 0, 79)) for a, b in some for _ in range(3)]
    return pairs + [(a, b, threshold if rng.random() < 0.6 else 0.79) for a, b in some]


def _chain(rng, pins, threshold):
    """Each pin is a duplicate of the next one; the pairs of a pin and the one after the next are just no duplicates."""
    pins = list(pins)
    steps = [pair if rng.random() < 0.5 else pair[::-1] for pair in zip(pins, pins[1:], strict=False)]
    near = [(a, b, 0.89) for a, b in zip(pins, pins[2:], strict=False)] if len(pins) < 1000 else []
    return [(a, b, threshold) for a, b in steps] + near


def _star(n, threshold, centre):
    """Pin 0 and everybody else, in their order: a union-find without path compression grows a long chain."""
    pairs = [(0, other) for other in range(1, n)]
    return [(a, b, threshold) if centre == "first" else (b, a, threshold) for a, b in pairs]
