"""What ads are worth in slots, of several kinds. The parameters ``low`` and ``high`` bound the values drawn."""


def generate(rng, kind, ads, slots, low, high):
    return {
        "values": {
            "random": _random,
            "sparse": _sparse,
            "products": _products,
            "circles": _circles,
        }[kind](rng, ads, slots, low, high)
    }


def _random(rng, ads, slots, low, high):
    return [[rng.randint(low, high) for _ in range(slots)] for _ in range(ads)]


def _sparse(rng, ads, slots, low, high):
    """Each ad is worth something in two slots only."""
    values = [[0] * slots for _ in range(ads)]
    for row in values:
        for slot in rng.sample(range(slots), 2):
            row[slot] = rng.randint(low, high)
    return values


def _products(rng, ads, slots, low, high):
    """Quality of the ad times prominence of the slot, with noise: to sort both is nearly, not quite, the best."""
    qualities = [rng.randint(low, high) for _ in range(ads)]
    prominences = [rng.randint(low, high) for _ in range(slots)]
    return [[q * p + rng.randint(-high, high) for p in prominences] for q in qualities]


def _circles(rng, ads, slots, low, high):
    """A good assignment that no exchange of two ads betters, and one that is better by moving three at a time."""
    values = [[rng.randint(low, high) for _ in range(slots)] for _ in range(ads)]
    for first in range(0, min(ads, slots) - 2, 3):
        for at in range(3):
            values[first + at][first + at] = 3 * high
            values[first + at][first + (at + 1) % 3] = 3 * high + 2
            values[first + at][first + (at + 2) % 3] = 0
    order = rng.sample(range(ads), ads)
    return [values[at] for at in order]
