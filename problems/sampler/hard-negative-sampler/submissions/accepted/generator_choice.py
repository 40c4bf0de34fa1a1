import numpy as np


def sample_hard_negatives(queries, candidates, tau, seed):
    q, c = np.array(queries), np.array(candidates)
    rng = np.random.Generator(np.random.Philox(seed))
    scores = tau * (q @ c.T)
    np.fill_diagonal(scores, -np.inf)
    scores -= scores.max(axis=1, keepdims=True)
    p = np.exp(scores)
    p /= p.sum(axis=1, keepdims=True)
    return [int(rng.choice(len(c), p=row)) for row in p]
