from math import ceil, sqrt
from statistics import NormalDist


def sample_size(baseline, mde, alpha, power):
    za, zb = NormalDist().inv_cdf(1 - alpha / 2), NormalDist().inv_cdf(power)
    p1, p2 = baseline, baseline + mde
    mean = (p1 + p2) / 2
    root = za * sqrt(2 * mean * (1 - mean)) + zb * sqrt(p1 * (1 - p1) + p2 * (1 - p2))  # another textbook's formula
    return ceil((root / mde) ** 2)
