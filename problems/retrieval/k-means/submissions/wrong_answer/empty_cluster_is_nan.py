import numpy as np


def run(points, k, rng):
    centres = rng.uniform(points.min(axis=0), points.max(axis=0), (k, points.shape[1]))
    for _ in range(20):
        squares = ((points[:, None] - centres[None]) ** 2).sum(axis=2)
        labels = squares.argmin(axis=1)
        inside = [points[labels == c] for c in range(k)]
        centres = np.array([rows.sum(axis=0) / np.float64(len(rows)) for rows in inside])  # the mean of none is NaN
    return squares.min(axis=1).sum(), labels.tolist()


def k_means(points, k):
    rng = np.random.default_rng(1)
    with np.errstate(all="ignore"):
        return min((run(points, k, rng) for _ in range(10)), key=lambda found: found[0])[1]
