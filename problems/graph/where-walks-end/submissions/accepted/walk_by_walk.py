import random


def end_shares(links: list[list[int]], start: int, stop: float, walks: int, seed: int) -> list[float]:
    rng, ends = random.Random(seed), [0] * len(links)
    for _ in range(walks):
        pin = start
        while links[pin] and rng.random() >= stop:
            pin = rng.choice(links[pin])
        ends[pin] += 1
    return [count / walks for count in ends]
