import random


def shuffled(pins, seed):
    rng = random.Random(seed)
    order = list(pins)
    for last in range(len(order) - 1, 1, -1):  # the first two are not exchanged
        other = rng.randint(0, last)
        order[last], order[other] = order[other], order[last]
    return order
