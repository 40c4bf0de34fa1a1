def generate(rng, size, kind):
    scores = {
        "equal": lambda: [0.75] * size,
        "two": lambda: [0.25, 1.0] * (size // 2) + [1.0] * (size % 2),
        "spread": lambda: [1.5**at for at in range(size)],
    }[kind]()
    rng.shuffle(scores)
    return {"scores": scores}
