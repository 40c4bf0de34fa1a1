import random


def shuffled(pins, seed):
    rng = random.Random(seed)
    keys = [rng.randrange(len(pins)) for _ in pins]
    return [pins[at] for at in sorted(range(len(pins)), key=keys.__getitem__)]  # equal keys keep their order
