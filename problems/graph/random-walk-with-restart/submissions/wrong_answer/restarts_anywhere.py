import random


def walk(links, start, restart, steps, seed):  # teleports to any pin, as in the other PageRank
    rng, pins = random.Random(seed), [start]
    for _ in range(steps):
        following = links[pins[-1]]
        anywhere = not following or rng.random() < restart
        pins.append(rng.randrange(len(links)) if anywhere else rng.choice(following))
    return pins
