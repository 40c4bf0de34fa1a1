"""Without SciPy: p = I_x(df/2, 1/2) at x = df / (df + t²), by its continued fraction (DLMF 8.17.22)."""

import math


def moments(values):
    n = len(values)
    mean = math.fsum(values) / n
    return mean, math.fsum((x - mean) ** 2 for x in values) / (n - 1) / n, n - 1


def fraction(a, b, x):
    """Evaluates the continued fraction by Lentz's method."""
    c, d = 1.0, 1.0 / (1.0 - (a + b) * x / (a + 1.0))
    h = d
    for m in range(1, 10_000):
        for e in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 / (1.0 + e * d)
            c = 1.0 + e / c
            h *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return h


def beta(a, b, x, y):
    """The regularised incomplete beta function at x; y is 1 - x, without its rounding."""
    if x == 0.0 or y == 0.0:
        return 1.0 if y == 0.0 else 0.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log(y))
    if x < (a + 1) / (a + b + 2):
        return front * fraction(a, b, x) / a
    return 1.0 - front * fraction(b, a, y) / b


def welch_test(control, treatment):
    (mean_a, a, free_a), (mean_b, b, free_b) = moments(control), moments(treatment)
    t = (mean_b - mean_a) / math.sqrt(a + b)
    df = (a + b) ** 2 / (a * a / free_a + b * b / free_b)
    return t, df, beta(df / 2, 0.5, df / (df + t * t), t * t / (df + t * t))
