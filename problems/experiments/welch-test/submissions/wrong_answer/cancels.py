import math

from scipy.stats import t as student


def moments(values):
    n = len(values)
    mean = sum(values) / n
    variance = sum(x * x for x in values) / n - mean * mean  # two large numbers, nearly equal
    return mean, max(variance / (n - 1), 1e-300)


def welch_test(control, treatment):
    (mean_a, a), (mean_b, b) = moments(control), moments(treatment)
    t = (mean_b - mean_a) / math.sqrt(a + b)
    df = (a + b) ** 2 / (a * a / (len(control) - 1) + b * b / (len(treatment) - 1))
    return t, df, 2 * float(student.sf(abs(t), df))
