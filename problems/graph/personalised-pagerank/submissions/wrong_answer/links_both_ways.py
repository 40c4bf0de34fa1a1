import numpy as np


def personalised_pagerank(n, links, saved, restart):
    step = np.zeros((n, n))
    for a, b in links:
        step[b, a] += 1
        step[a, b] += 1  # a link leads one way
    degree = step.sum(axis=0)
    home = np.zeros(n)
    home[saved] = 1 / len(saved)
    step[:, degree > 0] /= degree[degree > 0]
    step[:, degree == 0] = home[:, None]
    return np.linalg.solve(np.eye(n) - (1 - restart) * step, restart * home)
