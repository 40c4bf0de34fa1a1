import numpy as np


def auc(labels, scores):
    y = np.array(labels, dtype=int)
    p, n = int(y.sum()), int((1 - y).sum())
    if p == 0 or n == 0:
        return 0.5
    _, group, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts + 1) / 2  # counted from 0, while p (p + 1) / 2 is for ranks from 1
    return float((ranks[group][y == 1].sum() - p * (p + 1) / 2) / (p * n))
