import numpy as np


def cuped_effect(control, control_before, treatment, treatment_before):
    y, x = np.array(control + treatment), np.array(control_before + treatment_before)
    n = len(control)
    c = np.cov(x, y)
    theta = c[0, 1] / c[1, 1]  # divided by the variance of y
    adjusted = y - theta * (x - x.mean())
    low, high = adjusted[:n], adjusted[n:]
    return high.mean() - low.mean(), np.sqrt(high.var(ddof=1) / len(high) + low.var(ddof=1) / len(low))
