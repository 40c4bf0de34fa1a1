"""How often pins were saved, of several kinds: one pin in ten was never saved."""


def generate(rng, kind, pins, draws):
    counts = {
        "skewed": lambda at: 100_000 // (at + 1) // (at + 1) + 1,
        "gentle": lambda at: 1 + 60 * at * at,
        "huge": lambda at: 10 ** (12 - at // 3),
        "small": lambda at: at + 1,
    }[kind]
    listed = [counts(at) if at % 10 != 9 else 0 for at in range(pins)]
    rng.shuffle(listed)
    return {"counts": listed, "draws": draws}
