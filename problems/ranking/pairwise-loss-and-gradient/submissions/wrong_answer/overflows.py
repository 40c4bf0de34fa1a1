import numpy as np


def pairwise_loss(scores, relevances):
    better, worse = np.nonzero(relevances[:, None] > relevances[None, :])
    n, count = len(scores), max(len(better), 1)
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(-(scores[better] - scores[worse]))  # inf, when the order is wrong by far
        loss = np.log1p(e).sum() / count
        slope = e / (1 + e) / count
    return float(loss), np.bincount(worse, slope, n) - np.bincount(better, slope, n)
