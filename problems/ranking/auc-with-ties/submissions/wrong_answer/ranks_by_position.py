import numpy as np


def auc(labels, scores):
    y = np.array(labels, dtype=int)
    p, n = int(y.sum()), int((1 - y).sum())
    if p == 0 or n == 0:
        return 0.5
    ranks = np.argsort(np.argsort(scores, kind="stable"), kind="stable") + 1  # equal scores get different ranks
    return float((ranks[y == 1].sum() - p * (p + 1) / 2) / (p * n))
