import numpy as np


def posterior_draws(saves, views, count, seed):
    np.random.seed(seed % 2**32)
    return np.random.beta(saves + 1, views - saves + 1, size=count).tolist()
