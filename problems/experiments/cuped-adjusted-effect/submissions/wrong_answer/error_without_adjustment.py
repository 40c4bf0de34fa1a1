import numpy as np


def cuped_effect(control, control_before, treatment, treatment_before):
    y, x = np.array(control + treatment), np.array(control_before + treatment_before)
    n = len(control)
    c = np.cov(x, y)
    theta = c[0, 1] / c[0, 0] if c[0, 0] > 0 else 0.0
    adjusted = y - theta * (x - x.mean())
    effect = adjusted[n:].mean() - adjusted[:n].mean()
    return effect, np.sqrt(np.var(treatment, ddof=1) / len(treatment) + np.var(control, ddof=1) / n)  # of y itself
