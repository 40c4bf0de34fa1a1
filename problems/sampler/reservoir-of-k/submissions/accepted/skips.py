"""Algorithm L (Li 1994): draws how many pins to skip before the next one enters."""

import math
import random


def reservoir(stream, k, seed):
    rng = random.Random(seed)
    kept = list(range(k))
    weight = math.exp(math.log(1 - rng.random()) / k)
    position = k - 1
    while True:
        if weight < 1:
            position += math.floor(math.log(1 - rng.random()) / math.log1p(-weight)) + 1
        else:
            position += 1
        if position >= len(stream):
            return kept
        kept[rng.randrange(k)] = position
        weight *= math.exp(math.log(1 - rng.random()) / k)
