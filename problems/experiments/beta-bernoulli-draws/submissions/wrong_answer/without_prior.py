import numpy as np


def posterior_draws(saves, views, count, seed):
    return np.random.default_rng(seed).beta(max(saves, 0.5), max(views - saves, 0.5), size=count).tolist()
