import numpy as np


def cuped_effect(control, control_before, treatment, treatment_before):
    mean = np.mean(control_before + treatment_before)
    groups = []
    for y, x in ((control, control_before), (treatment, treatment_before)):
        c = np.cov(x, y)  # one theta for each group
        theta = c[0, 1] / c[0, 0] if c[0, 0] > 0 else 0.0
        groups.append(np.array(y) - theta * (np.array(x) - mean))
    low, high = groups
    return high.mean() - low.mean(), np.sqrt(high.var(ddof=1) / len(high) + low.var(ddof=1) / len(low))
