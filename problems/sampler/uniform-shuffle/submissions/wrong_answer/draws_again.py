import random


def shuffled(pins, seed):
    return random.Random(seed).choices(pins, k=len(pins))  # with replacement
