import numpy as np
from scipy.stats import chisquare


def sample_ratio_mismatch(counts, weights):
    weights = np.array(weights, dtype=float)
    return chisquare(counts, sum(counts) * weights / weights.sum()).pvalue
