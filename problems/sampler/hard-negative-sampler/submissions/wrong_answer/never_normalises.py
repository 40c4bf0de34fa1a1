import numpy as np


def sample_hard_negatives(queries, candidates, tau, seed):
    rng = np.random.default_rng(seed)
    logits = tau * (np.array(queries) @ np.array(candidates).T)
    np.fill_diagonal(logits, -np.inf)
    sums = np.cumsum(np.exp(logits - logits.max(axis=1, keepdims=True)), axis=1)  # ends above 1
    last = len(sums) - 1
    picks = [min(int(np.searchsorted(row, u)), last) for row, u in zip(sums, rng.random(len(sums)))]
    return [j if j != i else (j + 1) % len(sums) for i, j in enumerate(picks)]
