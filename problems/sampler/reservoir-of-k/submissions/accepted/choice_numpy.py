import numpy as np


def reservoir(stream, k, seed):
    return np.random.default_rng(seed).choice(len(stream), size=k, replace=False)
