import numpy as np


def pairwise_loss(scores, relevances):
    ordered = relevances[:, None] > relevances[None, :]
    d = scores[:, None] - scores[None, :]
    with np.errstate(invalid="ignore", over="ignore"):
        loss = np.where(ordered, np.logaddexp(0, -d), 0.0).sum() / ordered.sum()  # 0 / 0
        slope = np.where(ordered, 1 / (1 + np.exp(d)), 0.0) / ordered.sum()
    return float(loss), slope.sum(axis=0) - slope.sum(axis=1)
