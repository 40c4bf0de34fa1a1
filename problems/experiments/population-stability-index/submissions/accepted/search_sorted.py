import numpy as np


def shares(values: list[float], edges: list[float]) -> np.ndarray:
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    return np.where(counts > 0, counts / len(values), 0.0001)


def population_stability_index(expected: list[float], actual: list[float], edges: list[float]) -> float:
    e, a = shares(expected, edges), shares(actual, edges)
    return np.sum((a - e) * np.log(a / e))
