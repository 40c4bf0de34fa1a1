"""Calls on a cache. Keys are far apart and may be negative, so that they are no positions of a list."""


def generate(rng, kind, capacity, calls, keys):
    names = rng.sample(range(-(10**9), 10**9 + 1), keys)
    one = {
        "mixed": lambda: _mixed(rng, names),
        "again": lambda: _again(rng, names),
        "hot": lambda: _hot(rng, names, capacity),
        "full": lambda: _full(rng, names, capacity),
        "misses": lambda: _misses(rng, names, capacity),
    }[kind]
    first = [_put(rng, name) for name in names[:capacity]] if kind == "full" else []
    return {"calls": [("LRUCache", capacity), *first, *(one() for _ in range(calls - len(first)))]}


def _put(rng, key):
    return ("put", key, rng.choice([-1, 0, rng.randint(-(10**9), 10**9)]))


def _mixed(rng, names):
    key = rng.choice(names)
    return ("get", key) if rng.random() < 0.5 else _put(rng, key)


def _again(rng, names):
    """Mostly the same few keys, put again and again; now and then one that pushes another out."""
    if rng.random() < 0.15:
        return _put(rng, rng.randint(-(10**9), 10**9))
    return _put(rng, rng.choice(names)) if rng.random() < 0.5 else ("get", rng.choice(names))


def _hot(rng, names, capacity):
    """A few keys that are asked for all the time, and many that are put once."""
    hot = names[: max(1, capacity // 2)]
    if rng.random() < 0.5:
        return ("get", rng.choice(hot))
    return _put(rng, rng.choice(hot) if rng.random() < 0.2 else rng.choice(names))


def _full(rng, names, capacity):
    """A few of the keys that fill the cache, mostly; else any key, which nearly always pushes another out."""
    if rng.random() < 0.8:
        return ("get", rng.choice(names[: capacity // 100]))
    return _put(rng, rng.choice(names))


def _misses(rng, names, capacity):
    """Questions for keys of which most are not there."""
    if rng.random() < 0.7:
        return ("get", rng.choice(names))
    return _put(rng, rng.choice(names[: 2 * capacity]))
