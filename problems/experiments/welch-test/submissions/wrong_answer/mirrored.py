import math

import numpy as np
from scipy.stats import t as student


def welch_test(control, treatment):
    n, m = len(control), len(treatment)
    a, b = np.var(control, ddof=1) / n, np.var(treatment, ddof=1) / m
    t = (np.mean(control) - np.mean(treatment)) / math.sqrt(a + b)  # the sign says that the change did harm
    df = (a + b) ** 2 / (a * a / (n - 1) + b * b / (m - 1))
    return t, df, 2 * student.sf(abs(t), df)
