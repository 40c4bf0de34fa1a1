import numpy as np


def sample_hard_negatives(queries, candidates, tau, seed):
    rng = np.random.default_rng(seed)
    logits = tau * (np.array(queries) @ np.array(candidates).T)
    np.fill_diagonal(logits, -np.inf)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    sums = np.cumsum(p, axis=1)
    u = rng.random()  # one for all rows
    return [int(np.searchsorted(row, u * row[-1], side="right")) for row in sums]
