import numpy as np


def top_k_inner_product(queries: np.ndarray, corpus: np.ndarray, k: int) -> list[list[int]]:
    k = min(k, len(corpus))
    scores = queries @ corpus.T
    best = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(scores, best, axis=1), axis=1)
    return np.take_along_axis(best, order, axis=1).tolist()
