import random


def walk(links, start, restart, steps, seed):  # goes on with the probability of a restart
    rng, pins = random.Random(seed), [start]
    for _ in range(steps):
        following = links[pins[-1]]
        pins.append(start if not following or rng.random() > restart else rng.choice(following))
    return pins
