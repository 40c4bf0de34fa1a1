import numpy as np


def sample_hard_negatives(queries, candidates, tau, seed):
    rng = np.random.default_rng(seed)
    logits = 2 * tau * (np.array(queries) @ np.array(candidates).T)  # as if from squared distances: 2 - 2 q.c
    np.fill_diagonal(logits, -np.inf)
    return np.argmax(logits + rng.gumbel(size=logits.shape), axis=1)
