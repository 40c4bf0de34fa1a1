"""The list that one step does not change solves a system of linear equations."""

import numpy as np


def personalised_pagerank(n, links, saved, restart):
    step = np.zeros((n, n))  # step[b, a]: from a to b, without restarts
    for a, b in links:
        step[b, a] += 1
    degree = step.sum(axis=0)
    home = np.zeros(n)
    home[saved] = 1 / len(saved)
    step[:, degree > 0] /= degree[degree > 0]
    step[:, degree == 0] = home[:, None]
    return np.linalg.solve(np.eye(n) - (1 - restart) * step, restart * home)
