"""How often each value is drawn is a multinomial law: a resample is a vector of counts."""

import numpy as np


def bootstrap_interval(sample, resamples, seed):
    n = len(sample)
    counts = np.random.default_rng(seed).multinomial(n, [1 / n] * n, size=resamples)
    means = np.sort(counts @ np.array(sample) / n)
    cut = resamples // 20
    return float(means[cut]), float(means[-cut - 1])
