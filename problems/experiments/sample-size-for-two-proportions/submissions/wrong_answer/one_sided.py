from math import ceil
from statistics import NormalDist


def sample_size(baseline, mde, alpha, power):
    z = NormalDist().inv_cdf(1 - alpha) + NormalDist().inv_cdf(power)  # all of alpha on one side
    p1, p2 = baseline, baseline + mde
    return ceil(z**2 * (p1 * (1 - p1) + p2 * (1 - p2)) / mde**2)
