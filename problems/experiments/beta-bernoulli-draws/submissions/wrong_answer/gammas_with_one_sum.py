import numpy as np


def posterior_draws(saves, views, count, seed):  # one denominator for all draws
    rng = np.random.default_rng(seed)
    y = rng.gamma(views - saves + 1)
    x = rng.gamma(saves + 1, size=count)
    return (x / (x + y)).tolist()
