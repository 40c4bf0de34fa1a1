import random


def posterior_draws(saves, views, count, seed):
    rng, draws = random.Random(seed), []
    for _ in range(count):
        x, y = rng.gammavariate(saves + 1, 1.0), rng.gammavariate(views - saves + 1, 1.0)
        draws.append(x / (x + y))
    return draws
