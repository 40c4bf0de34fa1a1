import numpy as np


def top_k_inner_product(queries, corpus, k):
    order = np.argsort(-(queries @ corpus.T), axis=1, kind="stable")[:, :k]
    return np.sort(order, axis=1).tolist()  # the right items, the lowest index first
