"""Pipelines of several kinds. An order is drawn first, and every pair agrees with it; circles are added afterwards."""


def generate(rng, kind, stages=0, pairs=0, length=0):
    if kind == "names":
        return _names()
    order = [f"s{number}" for number in rng.sample(range(stages), stages)]
    needs = {
        "acyclic": lambda: _later_needs_earlier(rng, order, pairs),
        "short-cuts": lambda: _short_cuts(rng, order),
        "repeated": lambda: _later_needs_earlier(rng, order, pairs) * 3,
        "circle": lambda: _later_needs_earlier(rng, order, pairs) + _circle(rng, order, length),
        "chain": lambda: _chain(order),
        "diamonds": lambda: _diamonds(order),
    }[kind]()
    rng.shuffle(needs)
    return {"stages": rng.sample(order, len(order)), "needs": needs}


def _later_needs_earlier(rng, order, pairs):
    chosen = [sorted(rng.sample(range(len(order)), 2)) for _ in range(pairs)]
    return [(order[later], order[earlier]) for earlier, later in chosen]


def _chain(order):
    return list(zip(order[1:], order, strict=False))


def _short_cuts(rng, order):
    """A chain; some of its later stages also need the first one, others a stage far before them."""
    later = rng.sample(range(3, len(order)), 6)
    return (
        _chain(order) + [(order[at], order[0]) for at in later[:3]] + [(order[at], order[at // 3]) for at in later[3:]]
    )


def _circle(rng, order, length):
    circle = rng.sample(order, length)
    return list(zip(circle, circle[1:] + circle[:1], strict=True))


def _diamonds(order):
    """One stage, two that need it, one that needs both, and so on: 2^(n/3) ways lead from the first to the last."""
    needs = []
    for at in range(0, len(order) - 3, 3):
        first, left, right, last = order[at : at + 4]
        needs += [(left, first), (right, first), (last, left), (last, right)]
    return needs


def _names():
    """Names that only differ in case, are empty, or look like numbers; sorted, they are in no right order."""
    stages = ["a", "A", "", "10", "9", "Ä", "train model", "é"]
    chain = ["train model", "10", "a", "9", "", "A", "é", "Ä"]
    return {"stages": stages, "needs": _chain(chain)}
