import numpy as np


def cuped_effect(control, control_before, treatment, treatment_before):
    y, x = np.array(control + treatment), np.array(control_before + treatment_before)
    n = len(control)
    dx = x - x.mean() if np.ptp(x) > 0 else np.zeros(len(x))
    with np.errstate(invalid="ignore"):
        theta = dx @ (y - y.mean()) / (dx @ dx)  # 0 / 0
    adjusted = y - theta * dx
    low, high = adjusted[:n], adjusted[n:]
    return high.mean() - low.mean(), np.sqrt(high.var(ddof=1) / len(high) + low.var(ddof=1) / len(low))
