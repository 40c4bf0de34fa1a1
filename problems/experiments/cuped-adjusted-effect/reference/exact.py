"""Effect and error in exact fractions; only the results are rounded."""

from fractions import Fraction
from math import sqrt


def cuped_effect(control, control_before, treatment, treatment_before):
    outcomes, before = _exact(control + treatment), _exact(control_before + treatment_before)
    x_mean, y_mean = _mean(before), _mean(outcomes)
    spread = sum((x - x_mean) ** 2 for x in before)
    theta = sum((x - x_mean) * (y - y_mean) for x, y in zip(before, outcomes, strict=True)) / spread if spread else 0
    adjusted = [y - theta * (x - x_mean) for x, y in zip(before, outcomes, strict=True)]
    low, high = adjusted[: len(control)], adjusted[len(control) :]
    return float(_mean(high) - _mean(low)), sqrt(float(_squared_error(low) + _squared_error(high)))


def _exact(values):
    return [Fraction(value) for value in values]


def _mean(values):
    return sum(values) / len(values)


def _squared_error(values):
    mean = _mean(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1) / len(values)
