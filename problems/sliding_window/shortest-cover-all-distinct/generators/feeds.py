"""Feeds of several kinds. Only exact arithmetic on ``rng.random()`` is used: every machine makes the same feeds."""


def generate(rng, kind, length, distinct, where="ends", scale=1, base=0, span=1_000_000):
    ids = [base + scale * name for name in rng.sample(range(-span, span + 1), distinct)]
    kinds = {"uniform": _uniform, "cycles": _cycles, "rare": _rare, "skewed": _skewed, "shrinking": _shrinking}
    feed = kinds[kind](rng, ids, length, where)
    assert len(feed) == length
    assert len(set(feed)) == distinct
    return {"ids": feed}


def _uniform(rng, ids, length, _where):
    """Every id at least once, the rest drawn evenly."""
    return _with_all(rng, ids, rng.choices(ids, k=length))


def _with_all(rng, ids, feed):
    """Puts each id somewhere, so that none is missing."""
    for at, name in zip(rng.sample(range(len(feed)), len(ids)), ids, strict=True):
        feed[at] = name
    return feed


def _cycles(_rng, ids, length, _where):
    """A stutter, then all ids in turn, over and over: hundreds of equally short stretches, the first not at 0."""
    stutter = min(length // 4, 17)
    rest = length - stutter
    return [ids[0]] * stutter + [ids[at % len(ids)] for at in range(rest)]


def _rare(rng, ids, length, where):
    """Two ids occur once each; the others fill the feed."""
    rare, common = ids[:2], ids[2:]
    filling = _uniform(rng, common, length - 2, where)
    at = {"first": (0, 1), "last": (length - 2, length - 1), "ends": (0, length - 1)}.get(where)
    first, second = at or sorted(rng.sample(range(length // 3, 2 * length // 3), 2))
    filling.insert(first, rare[0])
    filling.insert(second, rare[1])
    return filling


def _skewed(rng, ids, length, _where):
    """A few ids make up most of the feed, as in any feed of people."""
    return _with_all(rng, ids, [ids[int(len(ids) * rng.random() * rng.random() * rng.random())] for _ in range(length)])


def _shrinking(_rng, ids, length, _where):
    """Each id once, with the first one after each; then each again: the shortest stretch gets shorter at every step."""
    common, others = ids[0], ids[1:]
    feed = [name for other in others for name in (other, common)] + others
    return feed + [common] * (length - len(feed))
