import numpy as np


def bootstrap_interval(sample, resamples, seed):  # one standard error to each side
    values, rng = np.array(sample), np.random.default_rng(seed)
    means = values[rng.integers(len(values), size=(resamples, len(values)))].mean(axis=1)
    return float(means.mean() - means.std()), float(means.mean() + means.std())
