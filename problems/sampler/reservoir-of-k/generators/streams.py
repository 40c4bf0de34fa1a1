"""Streams of names. With ``names`` there are only so many different ones."""


def generate(rng, length, k, names=1000):
    return {"stream": [f"pin-{rng.randrange(names)}" for _ in range(length)], "k": k}
