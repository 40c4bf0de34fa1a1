from fractions import Fraction
from math import sqrt
from statistics import mean, variance


def cuped_effect(control, control_before, treatment, treatment_before):
    y, x = [Fraction(v) for v in control + treatment], [Fraction(v) for v in control_before + treatment_before]
    n, x_mean, y_mean = len(control), mean(x), mean(y)
    theta = sum((a - x_mean) * (b - y_mean) for a, b in zip(x, y)) / sum((a - x_mean) ** 2 for a in x)  # 0 / 0
    adjusted = [float(b - theta * (a - x_mean)) for a, b in zip(x, y)]
    low, high = adjusted[:n], adjusted[n:]
    return mean(high) - mean(low), sqrt(variance(high) / len(high) + variance(low) / len(low))
