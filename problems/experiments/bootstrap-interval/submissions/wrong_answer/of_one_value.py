import numpy as np


def bootstrap_interval(sample, resamples, seed):  # percentiles of values, not of means
    values = np.random.default_rng(seed).choice(sample, size=resamples)
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)
