import random


def walk(links, start, restart, steps, seed):  # each pin once, however many links lead there
    rng, pins = random.Random(seed), [start]
    for _ in range(steps):
        following = sorted(set(links[pins[-1]]))
        pins.append(start if not following or rng.random() < restart else rng.choice(following))
    return pins
