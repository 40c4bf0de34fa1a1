"""How long a walk goes on is geometric, and drawn at once; a dead end cuts it short."""

import math
import random


def end_shares(links, start, stop, walks, seed):
    rng, ends = random.Random(seed), [0] * len(links)
    for _ in range(walks):
        pin = start
        for _ in range(int(math.log(1.0 - rng.random()) / math.log(1.0 - stop))):
            if not links[pin]:
                break
            pin = rng.choice(links[pin])
        ends[pin] += 1
    return [count / walks for count in ends]
