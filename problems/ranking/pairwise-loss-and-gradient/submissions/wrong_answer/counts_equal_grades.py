import numpy as np


def pairwise_loss(scores, relevances):
    better, worse = np.nonzero(relevances[:, None] >= relevances[None, :])  # and each pin with itself
    n, count = len(scores), len(better)
    d = scores[better] - scores[worse]
    small = np.exp(-np.abs(d))
    loss = np.logaddexp(0, -d).sum() / count
    slope = np.where(d > 0, small, 1.0) / (1 + small) / count
    return float(loss), np.bincount(worse, slope, n) - np.bincount(better, slope, n)
