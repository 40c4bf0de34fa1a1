import random


def walk(links, start, restart, steps, seed):  # goes back and takes the next link in one step
    rng, pins = random.Random(seed), [start]
    for _ in range(steps):
        here = pins[-1]
        if not links[here] or rng.random() < restart:
            here = start
        pins.append(rng.choice(links[here]))
    return pins
