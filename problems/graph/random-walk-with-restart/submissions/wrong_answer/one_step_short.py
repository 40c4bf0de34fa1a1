import random


def walk(links, start, restart, steps, seed):  # ``steps`` pins, not steps
    rng, pins = random.Random(seed), [start]
    while len(pins) < steps:
        following = links[pins[-1]]
        pins.append(start if not following or rng.random() < restart else rng.choice(following))
    return pins
