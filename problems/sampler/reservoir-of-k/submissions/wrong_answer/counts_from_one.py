import random


def reservoir(stream, k, seed):
    return random.Random(seed).sample(range(1, len(stream) + 1), k)
