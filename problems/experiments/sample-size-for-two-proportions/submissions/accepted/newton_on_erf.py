import math

import numpy as np


def sample_size(baseline, mde, alpha, power):
    wanted = np.array([1 - alpha / 2, power])
    z = np.zeros(2)
    for _ in range(60):
        below = np.array([0.5 + 0.5 * math.erf(x / math.sqrt(2)) for x in z])
        z += (wanted - below) * np.sqrt(2 * np.pi) * np.exp(z * z / 2)
    shares = np.array([baseline, baseline + mde])
    return np.int64(np.ceil((z.sum() / mde) ** 2 * np.sum(shares - shares**2)))
