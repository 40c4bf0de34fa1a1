import random


def end_shares(links, start, stop, walks, seed):
    rng, ends = random.Random(), [0] * len(links)
    for _ in range(walks):
        pin = start
        while links[pin] and rng.random() >= stop:
            pin = rng.choice(links[pin])
        ends[pin] += 1
    return [count / walks for count in ends]
