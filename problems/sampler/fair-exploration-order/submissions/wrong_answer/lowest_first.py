import random


def exploration_order(scores, seed):
    order = list(range(len(scores)))
    random.Random(seed).shuffle(order)
    return sorted(order, key=lambda ad: scores[ad])
