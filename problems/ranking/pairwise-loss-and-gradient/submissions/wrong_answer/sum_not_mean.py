import numpy as np


def pairwise_loss(scores, relevances):
    better, worse = np.nonzero(relevances[:, None] > relevances[None, :])
    n, d = len(scores), scores[better] - scores[worse]
    small = np.exp(-np.abs(d))
    loss = np.logaddexp(0, -d).sum()  # not divided by the number of pairs
    slope = np.where(d > 0, small, 1.0) / (1 + small)
    return float(loss), np.bincount(worse, slope, n) - np.bincount(better, slope, n)
