import random


def exploration_order(scores, seed):
    random.seed(seed)
    order = list(range(len(scores)))
    random.shuffle(order)
    return sorted(order, key=lambda ad: -scores[ad])
