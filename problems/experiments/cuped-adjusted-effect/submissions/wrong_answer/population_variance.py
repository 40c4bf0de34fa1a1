import numpy as np


def cuped_effect(control, control_before, treatment, treatment_before):
    y, x = np.array(control + treatment), np.array(control_before + treatment_before)
    n = len(control)
    c = np.cov(x, y)
    theta = c[0, 1] / c[0, 0] if c[0, 0] > 0 else 0.0
    adjusted = y - theta * (x - x.mean())
    low, high = adjusted[:n], adjusted[n:]
    return high.mean() - low.mean(), np.sqrt(high.var() / len(high) + low.var() / len(low))  # n, not n - 1
