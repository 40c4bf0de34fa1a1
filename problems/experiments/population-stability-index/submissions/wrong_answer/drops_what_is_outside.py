import numpy as np


def shares(values, edges):
    if len(edges) < 2:
        return np.ones(1)
    counts, _ = np.histogram(values, bins=edges)  # from the first edge to the last
    return np.where(counts > 0, counts / max(counts.sum(), 1), 0.0001)


def population_stability_index(expected, actual, edges):
    e, a = shares(expected, edges), shares(actual, edges)
    return float(np.sum((a - e) * np.log(a / e)))
