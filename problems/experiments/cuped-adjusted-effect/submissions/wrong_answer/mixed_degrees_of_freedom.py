import numpy as np


def cuped_effect(control, control_before, treatment, treatment_before):
    y, x = np.array(control + treatment), np.array(control_before + treatment_before)
    n = len(control)
    theta = np.cov(x, y)[0, 1] / np.var(x) if np.var(x) > 0 else 0.0  # n - 1 above, n below
    adjusted = y - theta * (x - x.mean())
    low, high = adjusted[:n], adjusted[n:]
    return high.mean() - low.mean(), np.sqrt(high.var(ddof=1) / len(high) + low.var(ddof=1) / len(low))
