import numpy as np


def sample_hard_negatives(queries, candidates, tau, seed):
    rng = np.random.default_rng(seed)
    n = len(queries)
    logits = tau * (np.array(queries) @ np.array(candidates).T)
    np.fill_diagonal(logits, -np.inf)
    hard = np.argmax(logits + rng.gumbel(size=logits.shape), axis=1)
    easy = (np.arange(n) + rng.integers(1, n, size=n)) % n
    return np.where(rng.random(n) < 0.05, easy, hard)  # one in twenty is drawn evenly
