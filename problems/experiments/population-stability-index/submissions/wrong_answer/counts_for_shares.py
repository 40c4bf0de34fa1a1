import numpy as np


def counts(values, edges):
    return np.maximum(np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1), 0.0001)


def population_stability_index(expected, actual, edges):
    e, a = counts(expected, edges), counts(actual, edges)  # grow with the samples
    return float(np.sum((a - e) * np.log(a / e)) / len(actual))
