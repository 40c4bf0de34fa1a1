import numpy as np


def shares(values, edges):
    return np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1) / len(values)


def population_stability_index(expected, actual, edges):
    e, a = shares(expected, edges), shares(actual, edges)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.sum((a - e) * np.log(a / e)))  # the logarithm of 0, or 0 / 0
