import random


def exploration_order(scores, seed):  # shuffles the second half of the list only, before a sort that keeps its order
    rng, order = random.Random(seed), list(range(len(scores)))
    for at in range(len(order) - 1, len(order) // 2, -1):
        other = rng.randint(len(order) // 2, at)
        order[at], order[other] = order[other], order[at]
    return sorted(order, key=lambda ad: -scores[ad])
