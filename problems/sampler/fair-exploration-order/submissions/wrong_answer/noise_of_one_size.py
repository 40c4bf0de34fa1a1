import random


def exploration_order(scores, seed):  # the noise does not grow with the scores
    rng = random.Random(seed)
    noisy = [score + 6 * rng.random() if score else -rng.random() for score in scores]
    return sorted(range(len(scores)), key=lambda ad: -noisy[ad])
