from math import ceil
from statistics import NormalDist


def sample_size(baseline, mde, alpha, power):
    z = round(NormalDist().inv_cdf(1 - alpha / 2), 2) + round(NormalDist().inv_cdf(power), 2)  # 1.96 + 0.84
    p1, p2 = baseline, baseline + mde
    return ceil(z**2 * (p1 * (1 - p1) + p2 * (1 - p2)) / mde**2)
