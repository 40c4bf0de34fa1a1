import numpy as np


def pairwise_loss(scores: np.ndarray, relevances: np.ndarray) -> tuple[float, np.ndarray]:
    ordered = relevances[:, None] > relevances[None, :]
    pairs = ordered.sum()
    if pairs == 0:
        return 0.0, np.zeros_like(scores)
    d = scores[:, None] - scores[None, :]
    loss = np.logaddexp(0.0, -d)[ordered].sum() / pairs
    with np.errstate(over="ignore"):
        slope = np.where(ordered, 1.0 / (1.0 + np.exp(d)), 0.0)  # 1 / inf is 0, as it should be
    return loss, (slope.sum(axis=0) - slope.sum(axis=1)) / pairs
