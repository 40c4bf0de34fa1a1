import numpy as np


def posterior_draws(saves, views, count, seed):
    return np.random.default_rng(seed).beta(views - saves + 1, saves + 1, size=count).tolist()
