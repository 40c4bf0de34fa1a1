import random


def shuffled(pins, seed):
    rng = random.Random(seed)
    order = list(pins)
    for last in range(len(order) - 1, 0, -1):
        other = rng.randrange(last)  # Sattolo's: never last itself, no pin stays where it was
        order[last], order[other] = order[other], order[last]
    return order
