import numpy as np


def cuped_effect(control, control_before, treatment, treatment_before):
    y, x = np.array(control + treatment), np.array(control_before + treatment_before)
    n = len(control)
    spread = np.mean(x * x) - np.mean(x) ** 2  # cancels, when the mean is large
    theta = (np.mean(x * y) - np.mean(x) * np.mean(y)) / spread if spread > 1e-12 else 0.0
    adjusted = y - theta * (x - x.mean())
    low, high = adjusted[:n], adjusted[n:]
    return high.mean() - low.mean(), np.sqrt(high.var(ddof=1) / len(high) + low.var(ddof=1) / len(low))
