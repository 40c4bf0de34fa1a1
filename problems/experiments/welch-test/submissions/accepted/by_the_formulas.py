import math
import statistics

from scipy.stats import t as student


def welch_test(control, treatment):
    a = statistics.variance(control) / len(control)
    b = statistics.variance(treatment) / len(treatment)
    t = (statistics.fmean(treatment) - statistics.fmean(control)) / math.sqrt(a + b)
    df = (a + b) ** 2 / (a * a / (len(control) - 1) + b * b / (len(treatment) - 1))
    return t, df, float(2 * student.sf(abs(t), df))
