import random


def reservoir(stream, k, seed):
    rng = random.Random(seed)
    kept = list(range(k))
    for position in range(k, len(stream)):
        if rng.random() < 0.5:  # whatever has come before
            kept[rng.randrange(k)] = position
    return kept
