"""The first of several exponential clocks is one with a probability in proportion to its rate."""

import numpy as np


def exploration_order(scores, seed):
    rates = np.array(scores)
    waits = np.random.default_rng(seed).exponential(size=len(rates))
    with np.errstate(divide="ignore"):
        times = np.where(rates > 0, waits / rates, np.inf)
    return np.lexsort((waits, times)).tolist()
