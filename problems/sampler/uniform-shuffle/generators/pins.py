"""Lists of names. With ``names`` there are only so many different ones."""


def generate(rng, size, names=None):
    if names is None:
        return {"pins": [f"pin-{number}" for number in rng.sample(range(100), size)]}
    return {"pins": [f"pin-{min(rng.randrange(names), rng.randrange(names))}" for _ in range(size)]}
