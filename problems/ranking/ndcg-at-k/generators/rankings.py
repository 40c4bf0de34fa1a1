"""Judged pins and their scores. Only arithmetic that every machine rounds alike is used."""


def generate(rng, size, k, scores="distinct", levels=1, top=4, order="random"):
    drawn = {"distinct": _distinct, "levels": _levels, "zeros": _zeros, "close": _close, "wide": _wide}[scores]
    values = drawn(rng, size, levels)
    relevances = [rng.choice((0, 1, top, rng.randint(0, top))) if top else 0 for _ in range(size)]
    if top > 0 and not any(relevances):
        relevances[rng.randrange(size)] = top
    return {"relevances": _arranged(relevances, values, order, k), "scores": values, "k": k}


def _distinct(rng, size, _levels):
    return [4.0 * rng.random() - 2.0 for _ in range(size)]


def _levels(rng, size, levels):
    return [(rng.randrange(levels) - levels // 2) / 8 for _ in range(size)]


def _zeros(rng, size, _levels):
    return [rng.choice((0.0, -0.0, 0.0, -0.0, 1.0)) for _ in range(size)]


def _close(rng, size, _levels):
    """Doubles next to each other: one score in single precision."""
    return [0.75 + at * 2.0**-53 for at in rng.sample(range(3 * size), size)]


def _wide(rng, size, _levels):
    """From the largest doubles to the smallest, of both signs."""
    exponents = [1023, 600, 0, -600, -1050]
    return [rng.choice((-1.0, 1.0)) * (1.0 + rng.random()) / 2.0 * 2.0 ** rng.choice(exponents) for _ in range(size)]


def _arranged(relevances, scores, order, k):
    """The relevances as they are, along the scores, against them, or with nothing of use in the first k places."""
    places = sorted(range(len(scores)), key=lambda at: -scores[at])
    arranged = list(relevances)
    if order in ("perfect", "reversed"):
        for at, relevance in zip(places, sorted(relevances, reverse=order == "perfect"), strict=True):
            arranged[at] = relevance
    if order == "buried":
        for at in places[:k]:
            arranged[at] = 0
        arranged[places[-1]] = 1
    return arranged
