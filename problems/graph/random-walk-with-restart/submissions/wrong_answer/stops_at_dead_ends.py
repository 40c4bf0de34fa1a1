import random


def walk(links, start, restart, steps, seed):
    rng, pins = random.Random(seed), [start]
    for _ in range(steps):
        following = links[pins[-1]]
        if not following:
            break
        pins.append(start if rng.random() < restart else rng.choice(following))
    return pins
