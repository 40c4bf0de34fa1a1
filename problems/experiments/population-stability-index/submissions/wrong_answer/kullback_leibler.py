import numpy as np


def shares(values, edges):
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    return np.where(counts > 0, counts / len(values), 0.0001)


def population_stability_index(expected, actual, edges):
    e, a = shares(expected, edges), shares(actual, edges)
    return float(np.sum(a * np.log(a / e)))  # one direction only
