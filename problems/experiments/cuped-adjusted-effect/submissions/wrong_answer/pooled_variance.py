import numpy as np


def cuped_effect(control, control_before, treatment, treatment_before):
    y, x = np.array(control + treatment), np.array(control_before + treatment_before)
    n = len(control)
    c = np.cov(x, y)
    theta = c[0, 1] / c[0, 0] if c[0, 0] > 0 else 0.0
    adjusted = y - theta * (x - x.mean())
    low, high = adjusted[:n], adjusted[n:]
    variance = (low.var() * len(low) + high.var() * len(high)) / (len(y) - 2)  # one for both groups
    return high.mean() - low.mean(), np.sqrt(variance * (1 / len(high) + 1 / len(low)))
