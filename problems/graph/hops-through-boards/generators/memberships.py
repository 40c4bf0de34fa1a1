"""Memberships of several kinds; users and boards carry the same small numbers where there is no reason against it.

The kind "alike" is for solutions that put users and boards into one space by an offset, or ids into a machine word: its
ids are equal once an offset is added, a word is cut off or a float is rounded, and then the way becomes shorter.
"""

# What a board or a user with the number ``base`` can be taken for.
LIKE = {
    "decimal": lambda base: [base + sign * 10**digits for sign in (1, -1) for digits in range(3, 25)],
    "binary": lambda base: [base + sign * 2**bits for sign in (1, -1) for bits in range(8, 62)],
    "long": lambda base: [base + sign * 2**bits for sign in (1, -1) for bits in range(61, 126)],
    "prime": lambda base: [base + sign * (10**9 + prime) for sign in (1, -1) for prime in (7, 9)],
    "signed": lambda base: [-base - 1, -base, -base + 1],
    "next": lambda base: [base - 2, base - 1, base + 1, base + 2],
}


def generate(rng, kind, users=0, boards=0, pairs=0, base=0, like=None):
    if kind == "alike":
        memberships, source, target = _alike(base, LIKE[like](base))
    else:
        memberships, source, target = _of_kind(rng, kind, users, boards, pairs)
    rng.shuffle(memberships)
    return {"memberships": memberships, "source": source, "target": target}


def _of_kind(rng, kind, users, boards, pairs):
    return {
        "random": _random,
        "same": _same,
        "alone": _alone,
        "unknown": _unknown,
        "apart": _apart,
        "short-cut": _short_cut,
        "chain": _chain,
        "star": _star,
    }[kind](rng, users, boards, pairs)


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


def _alike(base, others):
    """Three boards from source to target, and no other way; who takes ``others`` for ``base`` sees one of two boards.

    Two more boards of the source are the target's number, less the largest number or one more than that.
    """
    target, apart = base + 5_000_011, base + 4242
    way = [base, base + 777, base - 777, target]
    memberships = [pair for at, board in enumerate(way[:-1]) for pair in ((way[at], board), (way[at + 1], board))]
    largest = max(target + 3_000_000, *others)
    memberships += [(user, apart) for user in [largest, *others]] + [(target, board) for board in [apart, *others]]
    return memberships + [(base, target - largest), (base, target - largest - 1)], base, target
