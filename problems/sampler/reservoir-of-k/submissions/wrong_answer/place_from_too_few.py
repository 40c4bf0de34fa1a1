import random


def reservoir(stream, k, seed):
    rng = random.Random(seed)
    kept = list(range(k))
    for position in range(k, len(stream)):
        place = rng.randrange(position)  # this one is not counted
        if place < k:
            kept[place] = position
    return kept
