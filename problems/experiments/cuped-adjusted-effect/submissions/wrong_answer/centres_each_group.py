import numpy as np


def cuped_effect(control, control_before, treatment, treatment_before):
    c = np.cov(control_before + treatment_before, control + treatment)
    theta = c[0, 1] / c[0, 0] if c[0, 0] > 0 else 0.0
    low = np.array(control) - theta * (np.array(control_before) - np.mean(control_before))
    high = np.array(treatment) - theta * (np.array(treatment_before) - np.mean(treatment_before))  # no shift is left
    return high.mean() - low.mean(), np.sqrt(high.var(ddof=1) / len(high) + low.var(ddof=1) / len(low))
