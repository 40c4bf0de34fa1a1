import math

import numpy as np
from scipy.stats import t as student


def welch_test(control, treatment):
    n, m = len(control), len(treatment)
    pooled = ((n - 1) * np.var(control, ddof=1) + (m - 1) * np.var(treatment, ddof=1)) / (n + m - 2)
    t = (np.mean(treatment) - np.mean(control)) / math.sqrt(pooled * (1 / n + 1 / m))
    df = n + m - 2  # Student: one variance for both
    return t, df, 2 * student.sf(abs(t), df)
