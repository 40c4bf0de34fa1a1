"""Lloyd's algorithm from twenty k-means++ starts; the best of them."""

import numpy as np


def squares(points, centres):
    return ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)


def start(points, k, rng):
    centres = points[[rng.integers(len(points))]]
    while len(centres) < k:
        nearest = squares(points, centres).min(axis=1)
        if nearest.sum() == 0:
            break
        chosen = rng.choice(len(points), p=nearest / nearest.sum())
        centres = np.vstack([centres, points[chosen]])
    return centres


def run(points, centres):
    for _ in range(100):
        labels = squares(points, centres).argmin(axis=1)
        moved = np.array(
            [points[labels == c].mean(axis=0) if (labels == c).any() else centre for c, centre in enumerate(centres)]
        )
        if (moved == centres).all():
            break
        centres = moved
    return squares(points, centres).min(axis=1).sum(), labels.tolist()


def k_means(points, k):
    rng = np.random.default_rng(1)
    return min((run(points, start(points, k, rng)) for _ in range(20)), key=lambda found: found[0])[1]
