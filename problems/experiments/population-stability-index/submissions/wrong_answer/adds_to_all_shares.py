import numpy as np


def shares(values, edges):
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    return counts / len(values) + 0.0001  # to all of them


def population_stability_index(expected, actual, edges):
    e, a = shares(expected, edges), shares(actual, edges)
    return float(np.sum((a - e) * np.log(a / e)))
