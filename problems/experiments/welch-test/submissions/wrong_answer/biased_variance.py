import math

import numpy as np
from scipy.stats import t as student


def welch_test(control, treatment):
    n, m = len(control), len(treatment)
    a, b = np.var(control) / n, np.var(treatment) / m  # NumPy divides by n
    t = (np.mean(treatment) - np.mean(control)) / math.sqrt(a + b)
    df = (a + b) ** 2 / (a * a / (n - 1) + b * b / (m - 1))
    return t, df, 2 * student.sf(abs(t), df)
