import numpy as np


def personalised_pagerank(n, links, saved, restart):
    step = np.zeros((n, n))
    for a, b in links:
        step[b, a] += 1
    degree = step.sum(axis=0)
    home = np.zeros(n)
    home[saved] = 1  # sums to the number of saved pins
    step[:, degree > 0] /= degree[degree > 0]
    step[:, degree == 0] = home[:, None] / len(saved)
    return np.linalg.solve(np.eye(n) - (1 - restart) * step, restart * home)
