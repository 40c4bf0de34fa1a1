import numpy as np


def personalised_pagerank(n, links, saved, restart):
    step = np.zeros((n, n))
    for a, b in links:
        step[b, a] += 1
    degree = step.sum(axis=0)
    home = np.zeros(n)
    home[saved] = 1 / len(saved)
    step[:, degree > 0] /= degree[degree > 0]
    step[:, degree == 0] = home[:, None]
    share = home
    for _ in range(1000):
        share = restart * (step @ share) + (1 - restart) * home  # as if it were the probability to go on
    return share
