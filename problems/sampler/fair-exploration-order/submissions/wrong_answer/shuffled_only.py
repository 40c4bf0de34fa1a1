import random


def exploration_order(scores, seed):  # a score of 0 may come first
    order = list(range(len(scores)))
    random.Random(seed).shuffle(order)
    return order
