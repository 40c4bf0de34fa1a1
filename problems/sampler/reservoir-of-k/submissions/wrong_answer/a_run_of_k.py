import random


def reservoir(stream, k, seed):
    start = random.Random(seed).randrange(len(stream))
    return [(start + at) % len(stream) for at in range(k)]
