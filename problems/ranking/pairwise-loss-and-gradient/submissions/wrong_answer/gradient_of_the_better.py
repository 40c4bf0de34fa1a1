import numpy as np


def pairwise_loss(scores, relevances):
    better, worse = np.nonzero(relevances[:, None] > relevances[None, :])
    n, count = len(scores), max(len(better), 1)
    d = scores[better] - scores[worse]
    small = np.exp(-np.abs(d))
    loss = np.logaddexp(0, -d).sum() / count
    slope = np.where(d > 0, small, 1.0) / (1 + small) / count
    return float(loss), -np.bincount(better, slope, n)  # the worse pin of a pair is not pushed down
