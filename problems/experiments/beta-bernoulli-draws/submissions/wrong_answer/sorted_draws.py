import numpy as np


def posterior_draws(saves, views, count, seed):
    return sorted(np.random.default_rng(seed).beta(saves + 1, views - saves + 1, size=count).tolist())
