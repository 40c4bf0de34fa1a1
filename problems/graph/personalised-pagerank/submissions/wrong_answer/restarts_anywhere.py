import numpy as np


def personalised_pagerank(n, links, saved, restart):
    """PageRank as it is in the books: not personalised."""
    step = np.zeros((n, n))
    for a, b in links:
        step[b, a] += 1
    degree = step.sum(axis=0)
    step[:, degree > 0] /= degree[degree > 0]
    step[:, degree == 0] = 1 / n
    return np.linalg.solve(np.eye(n) - (1 - restart) * step, np.full(n, restart / n))
