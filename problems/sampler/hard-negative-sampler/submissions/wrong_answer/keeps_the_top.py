import numpy as np


def sample_hard_negatives(queries, candidates, tau, seed):
    rng = np.random.default_rng(seed)
    logits = tau * (np.array(queries) @ np.array(candidates).T)
    np.fill_diagonal(logits, -np.inf)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    for row in p:
        order = np.argsort(-row)
        beyond = np.cumsum(row[order]) > 0.95
        row[order[1:][beyond[:-1]]] = 0  # the tail is never drawn
        row /= row.sum()
    return [int(rng.choice(len(row), p=row)) for row in p]
