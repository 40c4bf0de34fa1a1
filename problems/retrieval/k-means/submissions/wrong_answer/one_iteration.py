import numpy as np


def k_means(points, k):
    rng = np.random.default_rng(3)
    centres = points[rng.choice(len(points), k, replace=False)]
    for _ in range(1):
        labels = ((points[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
        centres = np.array([points[labels == c].mean(axis=0) if (labels == c).any() else centres[c] for c in range(k)])
    return labels.tolist()
