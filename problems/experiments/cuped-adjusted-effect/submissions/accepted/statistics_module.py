"""The slope of the regression line, and the means of the groups moved along it."""

from math import sqrt
from statistics import StatisticsError, fmean, linear_regression, variance


def cuped_effect(control, control_before, treatment, treatment_before):
    try:
        theta = linear_regression(control_before + treatment_before, control + treatment).slope
    except StatisticsError:  # x is constant
        theta = 0.0
    effect = fmean(treatment) - fmean(control) - theta * (fmean(treatment_before) - fmean(control_before))
    squares = 0.0
    for y, x in ((control, control_before), (treatment, treatment_before)):
        y_mean, x_mean = fmean(y), fmean(x)
        squares += variance((b - y_mean) - theta * (a - x_mean) for b, a in zip(y, x)) / len(y)
    return effect, sqrt(squares)
