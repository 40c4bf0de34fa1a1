import numpy as np


def bootstrap_interval(sample, resamples, seed):
    values, rng = np.array(sample), np.random.default_rng(seed)
    means = values[rng.integers(len(values), size=(resamples, len(values)))].mean(axis=1)
    high, low = np.quantile(means, [0.95, 0.05])
    return float(high), float(low)
