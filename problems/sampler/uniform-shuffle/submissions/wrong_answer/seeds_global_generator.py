import random


def shuffled(pins, seed):
    random.seed(seed)
    return random.sample(pins, len(pins))
