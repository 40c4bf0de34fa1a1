import random


def reservoir(stream, k, seed):
    rng = random.Random(seed)
    kept = list(range(k))
    for position in range(k, len(stream)):
        kept[rng.randrange(k)] = position  # whoever comes late is sure to be in
    return kept
