import random


def shuffled(pins, seed):
    rng = random.Random(seed)
    order = list(pins)
    for at in range(len(order) - 1):
        other = rng.randrange(at, len(order) - 1)  # the last place is out of range
        order[at], order[other] = order[other], order[at]
    return order
