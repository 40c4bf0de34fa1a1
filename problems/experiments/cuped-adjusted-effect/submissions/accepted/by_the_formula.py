import numpy as np


def cuped_effect(
    control: list[float], control_before: list[float], treatment: list[float], treatment_before: list[float]
) -> tuple[float, float]:
    y, x = np.array(control + treatment), np.array(control_before + treatment_before)
    dx = x - x.mean()
    theta = dx @ (y - y.mean()) / (dx @ dx) if dx.any() else 0.0
    adjusted = y - theta * dx
    low, high = np.split(adjusted, [len(control)])
    error = np.sqrt(high.var(ddof=1) / len(high) + low.var(ddof=1) / len(low))
    return high.mean() - low.mean(), error
