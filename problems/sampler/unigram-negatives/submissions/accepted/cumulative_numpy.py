import numpy as np


def unigram_negatives(counts, draws, seed):
    sums = np.cumsum(np.array(counts, dtype=float) ** 0.75)
    points = np.random.default_rng(seed).random(draws) * sums[-1]
    return np.searchsorted(sums, points, side="right")
