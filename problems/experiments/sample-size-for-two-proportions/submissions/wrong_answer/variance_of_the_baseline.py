from math import ceil
from statistics import NormalDist


def sample_size(baseline, mde, alpha, power):
    z = NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(power)
    return ceil(2 * z**2 * baseline * (1 - baseline) / mde**2)  # twice that of the old design
