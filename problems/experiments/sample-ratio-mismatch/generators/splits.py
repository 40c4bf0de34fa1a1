"""People that were put into groups. ``lost`` is how many of 100 in the last group went missing."""


def generate(rng, weights, people, kind="drawn", lost=0, times=1):
    total = sum(weights)
    if kind == "exact":
        return {"counts": [people * weight // total for weight in weights], "weights": weights}
    counts = [0] * len(weights)
    for group in rng.choices(range(len(weights)), weights, k=people):
        if group < len(weights) - 1 or rng.randrange(100) >= lost:
            counts[group] += 1
    spare = [rng.randrange(times) for _ in weights] if times > 1 else [0] * len(weights)
    return {"counts": [times * count + extra for count, extra in zip(counts, spare, strict=True)], "weights": weights}
