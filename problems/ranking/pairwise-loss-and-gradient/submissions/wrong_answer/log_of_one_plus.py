import numpy as np


def pairwise_loss(scores, relevances):
    better, worse = np.nonzero(relevances[:, None] > relevances[None, :])
    n, count = len(scores), max(len(better), 1)
    d = scores[better] - scores[worse]
    small = np.exp(-np.abs(d))
    loss = (np.maximum(-d, 0) + np.log(1 + small)).sum() / count  # 1 + small is 1 from a difference of 37
    slope = np.where(d > 0, small, 1.0) / (1 + small) / count
    return float(loss), np.bincount(worse, slope, n) - np.bincount(better, slope, n)
