import numpy as np


def posterior_draws(saves, views, count, seed):
    mean = (saves + 1) / (views + 2)
    sd = (mean * (1 - mean) / (views + 3)) ** 0.5
    return np.clip(np.random.default_rng(seed).normal(mean, sd, size=count), 1e-9, 1 - 1e-9).tolist()
