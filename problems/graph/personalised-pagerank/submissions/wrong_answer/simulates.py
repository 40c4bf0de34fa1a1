import random


def personalised_pagerank(n, links, saved, restart):
    leading = [[] for _ in range(n)]
    for a, b in links:
        leading[a].append(b)
    rng, visits, pin = random.Random(1), [0] * n, saved[0]
    for _ in range(20_000):  # an error of about 1 / sqrt(20 000)
        visits[pin] += 1
        if rng.random() < restart or not leading[pin]:
            pin = rng.choice(saved)
        else:
            pin = rng.choice(leading[pin])
    return [count / 20_000 for count in visits]
