import random


def shuffled(pins, seed):
    start = random.Random(seed).randrange(len(pins))
    return pins[start:] + pins[:start]
