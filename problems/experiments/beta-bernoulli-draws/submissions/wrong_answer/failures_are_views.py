import numpy as np


def posterior_draws(saves, views, count, seed):
    return np.random.default_rng(seed).beta(saves + 1, views + 1, size=count).tolist()
