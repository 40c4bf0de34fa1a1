import numpy as np


def unigram_negatives(counts, draws, seed):
    np.random.seed(seed)
    weights = np.array(counts) ** 0.75
    return np.random.choice(len(counts), size=draws, p=weights / weights.sum())
