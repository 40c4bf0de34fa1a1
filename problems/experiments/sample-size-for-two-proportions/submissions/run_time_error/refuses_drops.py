from math import ceil
from statistics import NormalDist


def sample_size(baseline, mde, alpha, power):
    if mde <= 0:
        raise ValueError("the effect must be positive")
    z = NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(power)
    p1, p2 = baseline, baseline + mde
    return ceil(z**2 * (p1 * (1 - p1) + p2 * (1 - p2)) / mde**2)
