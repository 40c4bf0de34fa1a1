import random


def shuffled(pins: list[str], seed: int) -> list[str]:
    rng = random.Random(seed)
    order = list(pins)
    for last in range(len(order) - 1, 0, -1):
        other = rng.randint(0, last)  # last itself is among them
        order[last], order[other] = order[other], order[last]
    return order
