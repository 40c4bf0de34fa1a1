import numpy as np


def bootstrap_interval(sample: list[float], resamples: int, seed: int) -> tuple[float, float]:
    values, rng = np.array(sample), np.random.default_rng(seed)
    means = values[rng.integers(len(values), size=(resamples, len(values)))].mean(axis=1)
    low, high = np.quantile(means, [0.05, 0.95])
    return float(low), float(high)
