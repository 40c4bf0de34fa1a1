import random


def exploration_order(scores, seed):  # one shuffle for everybody
    order = list(range(len(scores)))
    random.Random(5).shuffle(order)
    return sorted(order, key=lambda ad: -scores[ad])
