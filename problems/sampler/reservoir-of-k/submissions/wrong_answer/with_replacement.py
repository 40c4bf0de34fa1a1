import random


def reservoir(stream, k, seed):
    rng = random.Random(seed)
    return [rng.randrange(len(stream)) for _ in range(k)]  # the same position twice
