import math
import random


def sample_hard_negatives(queries, candidates, tau, seed):
    rng = random.Random(seed)
    picks = []
    for i, q in enumerate(queries):
        others = [j for j in range(len(candidates)) if j != i]
        weights = [math.exp(tau * sum(x * y for x, y in zip(q, candidates[j]))) for j in others]  # OverflowError
        picks += rng.choices(others, weights)
    return picks
