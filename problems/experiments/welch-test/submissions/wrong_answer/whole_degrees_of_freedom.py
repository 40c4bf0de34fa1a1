import math

import numpy as np
from scipy.stats import t as student


def welch_test(control, treatment):
    n, m = len(control), len(treatment)
    a, b = np.var(control, ddof=1) / n, np.var(treatment, ddof=1) / m
    t = (np.mean(treatment) - np.mean(control)) / math.sqrt(a + b)
    df = int((a + b) ** 2 / (a * a / (n - 1) + b * b / (m - 1)))  # as for a printed table
    return t, df, 2 * student.sf(abs(t), df)
