import numpy as np


def pairwise_loss(scores, relevances):
    better, worse = np.nonzero(relevances[:, None] > relevances[None, :])
    n, count = len(scores), max(len(better), 1)
    d = scores[better] - scores[worse]
    loss = np.logaddexp(0, -d).sum() / count
    small = np.exp(-np.abs(d))
    sigmoid = np.where(d > 0, 1.0, small) / (1 + small)
    slope = (1 - sigmoid) / count  # 0 from a difference of 37
    return float(loss), np.bincount(worse, slope, n) - np.bincount(better, slope, n)
