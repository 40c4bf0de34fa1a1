import numpy as np


def shares(values, edges):
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    return np.maximum(counts / len(values), 0.0001)  # those between 0 and 0.0001, too


def population_stability_index(expected, actual, edges):
    e, a = shares(expected, edges), shares(actual, edges)
    return float(np.sum((a - e) * np.log(a / e)))
