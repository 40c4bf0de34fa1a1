import random


def reservoir(stream, k, seed):
    random.seed(seed)
    return random.sample(range(len(stream)), k)
