import numpy as np


def posterior_draws(saves, views, count, seed):
    return np.random.default_rng(0).beta(saves + 1, views - saves + 1, size=count).tolist()
