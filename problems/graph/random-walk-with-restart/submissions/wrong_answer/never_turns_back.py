import random


def walk(links, start, restart, steps, seed):  # does not go back to where it came from, if it can help it
    rng, pins = random.Random(seed), [start]
    for _ in range(steps):
        following = links[pins[-1]]
        onward = [pin for pin in following if len(pins) < 2 or pin != pins[-2]] or following
        pins.append(start if not following or rng.random() < restart else rng.choice(onward))
    return pins
