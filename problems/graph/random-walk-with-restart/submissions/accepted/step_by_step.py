import random


def walk(links: list[list[int]], start: int, restart: float, steps: int, seed: int) -> list[int]:
    rng, pins = random.Random(seed), [start]
    for _ in range(steps):
        following = links[pins[-1]]
        pins.append(start if not following or rng.random() < restart else rng.choice(following))
    return pins
