import random


def exploration_order(scores, seed):
    rng, left, order = random.Random(seed), list(range(len(scores))), []
    while left:
        weights = [scores[ad] * (8 if ad < 2 else 1) for ad in left]
        ad = rng.choices(left, weights)[0] if any(weights) else left[0]
        left.remove(ad)
        order.append(ad)
    return order
