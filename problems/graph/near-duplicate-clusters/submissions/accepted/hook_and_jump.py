"""All pairs at once: the larger of two labels is hooked below the smaller one, then every chain is cut short."""

import numpy as np


def near_duplicate_clusters(n, pairs, threshold):
    labels = np.arange(n)
    edges = np.array([(a, b) for a, b, similarity in pairs if similarity >= threshold], dtype=np.int64).reshape(-1, 2)
    while True:
        ends = labels[edges]
        ends = ends[ends[:, 0] != ends[:, 1]]
        if len(ends) == 0:
            return labels
        np.minimum.at(labels, ends.max(axis=1), ends.min(axis=1))
        while (labels[labels] != labels).any():
            labels = labels[labels]
