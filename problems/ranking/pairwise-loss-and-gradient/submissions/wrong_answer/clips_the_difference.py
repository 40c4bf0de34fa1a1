import numpy as np


def pairwise_loss(scores, relevances):
    better, worse = np.nonzero(relevances[:, None] > relevances[None, :])
    n, count = len(scores), max(len(better), 1)
    e = np.exp(np.clip(-(scores[better] - scores[worse]), -30, 30))  # finite, but no longer the loss
    loss = np.log1p(e).sum() / count
    slope = e / (1 + e) / count
    return float(loss), np.bincount(worse, slope, n) - np.bincount(better, slope, n)
