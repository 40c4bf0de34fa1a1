import random


def end_shares(links, start, stop, walks, seed):  # makes a step before it asks
    rng, ends = random.Random(seed), [0] * len(links)
    for _ in range(walks):
        pin = start
        while links[pin]:
            pin = rng.choice(links[pin])
            if rng.random() < stop:
                break
        ends[pin] += 1
    return [count / walks for count in ends]
