import numpy as np


def posterior_draws(saves: int, views: int, count: int, seed: int) -> list[float]:
    return np.random.default_rng(seed).beta(saves + 1, views - saves + 1, size=count).tolist()
