"""Draws nothing: the normal interval, whose quantile is 1.645."""

import statistics


def bootstrap_interval(sample, resamples, seed):
    mean = statistics.fmean(sample)
    half = 1.645 * statistics.stdev(sample) / len(sample) ** 0.5
    return mean - half, mean + half
