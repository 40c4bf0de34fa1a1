import random


def walk(links, start, restart, steps, seed):
    random.seed(seed)
    pins = [start]
    for _ in range(steps):
        following = links[pins[-1]]
        pins.append(start if not following or random.random() < restart else random.choice(following))
    return pins
