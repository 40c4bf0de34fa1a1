import random


def reservoir(stream, k, seed):
    rng = random.Random(seed)
    kept = list(range(k))
    for position in range(k, len(stream)):
        place = rng.randint(0, position + 1)  # the upper end is included
        if place < k:
            kept[place] = position
    return kept
