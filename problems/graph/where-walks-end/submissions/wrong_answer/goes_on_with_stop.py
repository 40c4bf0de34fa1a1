import random


def end_shares(links, start, stop, walks, seed):  # takes the probability of stopping for that of going on
    rng, ends = random.Random(seed), [0] * len(links)
    for _ in range(walks):
        pin = start
        while links[pin] and rng.random() < 0.8 * stop:
            pin = rng.choice(links[pin])
        ends[pin] += 1
    return [count / walks for count in ends]
