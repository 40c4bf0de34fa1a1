import random


def end_shares(links, start, stop, walks, seed):  # cuts walks off
    rng, ends = random.Random(seed), [0] * len(links)
    for _ in range(walks):
        pin, steps = start, 0
        while links[pin] and rng.random() >= stop and steps < 2:
            pin = rng.choice(links[pin])
            steps += 1
        ends[pin] += 1
    return [count / walks for count in ends]
