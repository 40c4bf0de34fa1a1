"""The number of steps between two restarts is geometric: it is drawn, and then nothing is asked on the way."""

import math
import random


def walk(links, start, restart, steps, seed):
    rng, pins = random.Random(seed), [start]
    while len(pins) <= steps:
        for _ in range(int(math.log(1.0 - rng.random()) / math.log(1.0 - restart))):
            following = links[pins[-1]]
            pins.append(rng.choice(following) if following else start)
        pins.append(start)
    return pins[: steps + 1]
