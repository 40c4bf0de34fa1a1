"""Memberships of several kinds; users and boards carry the same small numbers where there is no reason against it."""


def generate(rng, kind, users, boards, pairs):
    memberships, source, target = {
        "random": _random,
        "same": _same,
        "alone": _alone,
        "unknown": _unknown,
        "apart": _apart,
        "short-cut": _short_cut,
        "chain": _chain,
        "star": _star,
    }[kind](rng, users, boards, pairs)
    rng.shuffle(memberships)
    return {"memberships": memberships, "source": source, "target": target}


def _pairs(rng, users, boards, count):
    """Pairs drawn evenly from two lists of names, with repeats."""
    return list(zip(rng.choices(users, k=count), rng.choices(boards, k=count), strict=True))


def _random(rng, users, boards, pairs):
    source, target = rng.sample(range(users), 2)
    return _pairs(rng, range(users), range(boards), pairs), source, target


def _same(rng, users, boards, pairs):
    memberships = _pairs(rng, range(users), range(boards), pairs)
    return memberships, memberships[0][0], memberships[0][0]


def _alone(rng, users, boards, pairs):
    return _pairs(rng, range(users), range(boards), pairs), users + 3, users + 3


def _unknown(rng, users, boards, pairs):
    memberships = _pairs(rng, range(users), range(boards), pairs)
    return memberships, memberships[0][0], -7


def _apart(rng, users, boards, pairs):
    """Two halves without a board in common."""
    half, middle = users // 2, boards // 2
    one = _pairs(rng, range(half), range(middle), pairs // 2)
    other = _pairs(rng, range(half, users), range(middle, boards), pairs - pairs // 2)
    return one + other, one[0][0], other[0][0]


def _chain(_rng, users, _boards, _pairs):
    """user 0, board 0, user 1, board 1, ...: one long way."""
    memberships = [(at, at) for at in range(users - 1)] + [(at + 1, at) for at in range(users - 1)]
    return memberships, 0, users - 1


def _short_cut(rng, users, boards, pairs):
    """A long chain whose ends also meet by three boards, and blind alleys off the chain."""
    memberships, source, target = _chain(rng, users, boards, pairs)
    first, second = rng.sample(range(1, users - 1), 2)
    cut = [(source, 500), (first, 500), (first, 501), (second, 501), (second, 502), (target, 502)]
    return memberships + cut + [(1000 + at, at) for at in range(0, users - 1, 3)], source, target


def _star(rng, users, boards, pairs):
    """Almost everyone is on one board."""
    memberships = [(user, 0) for user in range(users)]
    memberships += _pairs(rng, range(users), range(1, boards), pairs - users - 2)
    return [*memberships, (users, boards + 1), (users - 1, boards + 1)], 0, users
