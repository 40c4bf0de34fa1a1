"""Rounds over arrays of links; walks that left the saved pins are scaled at the end, which puts dead ends right."""

import numpy as np


def personalised_pagerank(n, links, saved, restart):
    ends = np.array(links, dtype=np.int64).reshape(-1, 2)
    degree = np.bincount(ends[:, 0], minlength=n)
    home = np.bincount(saved, minlength=n) / len(saved)
    visits, layer = home.copy(), home  # expected visits of a walk that dies instead of starting again
    while layer.sum() > 1e-12:
        weights = (1 - restart) * layer[ends[:, 0]] / degree[ends[:, 0]]
        layer = np.bincount(ends[:, 1], weights=weights, minlength=n)
        visits += layer
    return (visits / visits.sum()).tolist()
