import random


def exploration_order(scores: list[float], seed: int) -> list[int]:
    rng, left, order = random.Random(seed), list(range(len(scores))), []
    while left:
        weights = [scores[ad] for ad in left]
        ad = rng.choices(left, weights)[0] if any(weights) else rng.choice(left)
        left.remove(ad)
        order.append(ad)
    return order
