import random


def shuffled(pins, seed):
    rng = random.Random(seed)
    order = list(pins)
    for at in range(len(order)):
        other = rng.randrange(len(order))  # n^n ways, which n! does not divide
        order[at], order[other] = order[other], order[at]
    return order
