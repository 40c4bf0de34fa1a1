"""Of views + 1 uniform numbers the one with ``saves`` below it has this law."""

import numpy as np


def posterior_draws(saves, views, count, seed):
    uniforms = np.random.default_rng(seed).random((count, views + 1))
    return np.sort(uniforms, axis=1)[:, saves].tolist()
