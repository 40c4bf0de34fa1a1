"""The rank sum of the positives, where equal scores share the middle of their ranks."""

import numpy as np


def auc(labels, scores):
    y = np.asarray(labels)
    p = int(y.sum())
    n = len(y) - p
    if p == 0 or n == 0:
        return 0.5
    _, group, counts = np.unique(np.asarray(scores), return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = last - (counts - 1) / 2
    return (ranks[group][y == 1].sum() - p * (p + 1) / 2) / (p * n)
