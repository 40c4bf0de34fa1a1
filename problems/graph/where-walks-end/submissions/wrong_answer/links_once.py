import random


def end_shares(links, start, stop, walks, seed):
    rng, ends = random.Random(seed), [0] * len(links)
    following = [sorted(set(pins)) for pins in links]
    for _ in range(walks):
        pin = start
        while following[pin] and rng.random() >= stop:
            pin = rng.choice(following[pin])
        ends[pin] += 1
    return [count / walks for count in ends]
