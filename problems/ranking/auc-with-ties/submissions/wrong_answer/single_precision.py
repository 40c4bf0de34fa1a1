import numpy as np


def auc(labels, scores):
    with np.errstate(over="ignore"):
        s = np.array(scores, dtype=np.float32)  # close scores become equal
    y = np.array(labels, dtype=int)
    p, n = int(y.sum()), int((1 - y).sum())
    if p == 0 or n == 0:
        return 0.5
    _, group, counts = np.unique(s, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    return float((ranks[group][y == 1].sum() - p * (p + 1) / 2) / (p * n))
