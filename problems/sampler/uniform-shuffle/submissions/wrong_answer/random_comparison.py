import random
from functools import cmp_to_key


def shuffled(pins, seed):
    rng = random.Random(seed)
    return sorted(pins, key=cmp_to_key(lambda a, b: rng.choice((-1, 1))))  # a sort trusts earlier comparisons
