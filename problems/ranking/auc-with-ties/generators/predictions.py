"""Labels and scores. Only arithmetic that every machine rounds alike is used."""


def generate(rng, size, scores="distinct", levels=1, positives=0.4, order="random"):
    labels = _labels(rng, size, positives)
    drawn = {"distinct": _distinct, "levels": _levels, "zeros": _zeros, "close": _close, "wide": _wide}[scores]
    values = drawn(rng, size, levels)
    if order == "random" and scores in ("distinct", "levels") and levels > 1:
        values = _helped(rng, labels, values)
    if order != "random":
        labels = _arranged(labels, values, order)
    return {"labels": labels, "scores": values}


def _labels(rng, size, share):
    """Each class has at least one member, unless its share is 0."""
    labels = [int(rng.random() < share) for _ in range(size)]
    if 0.0 < share < 1.0:
        first, second = rng.sample(range(size), 2)
        labels[first], labels[second] = 0, 1
    return labels


def _distinct(rng, size, _levels):
    return [4.0 * rng.random() - 2.0 for _ in range(size)]


def _levels(rng, size, levels):
    return [(rng.randrange(levels) - levels // 2) / 16 for _ in range(size)]


def _zeros(rng, size, _levels):
    return [rng.choice((0.0, -0.0, 0.0, -0.0, 1.0, -1.0)) for _ in range(size)]


def _close(rng, size, _levels):
    """Doubles next to each other: one score in single precision, and for a comparison with a tolerance."""
    return [0.75 + at * 2.0**-53 for at in rng.sample(range(2 * size), size)]


def _wide(rng, size, _levels):
    """From the largest doubles to the smallest, of both signs."""
    exponents = [1023, 1000, 0, -600, -1050]
    return [rng.choice((-1.0, 1.0)) * (1.0 + rng.random()) / 2.0 * 2.0 ** rng.choice(exponents) for _ in range(size)]


def _helped(rng, labels, values):
    """One positive in three trades scores with another item when that raises its own: better than chance."""
    helped = list(values)
    for at, label in enumerate(labels):
        other = rng.randrange(len(labels))
        if label and helped[other] > helped[at] and rng.random() < 0.33:
            helped[at], helped[other] = helped[other], helped[at]
    return helped


def _arranged(labels, values, order):
    """All positives above all negatives, or below; items at the border may be equal."""
    places = sorted(range(len(values)), key=values.__getitem__, reverse=order == "wrong")
    arranged = list(labels)
    for at, label in zip(places, sorted(labels), strict=True):
        arranged[at] = label
    return arranged
