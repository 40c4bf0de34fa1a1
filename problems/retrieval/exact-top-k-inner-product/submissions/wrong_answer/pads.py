import numpy as np


def top_k_inner_product(queries, corpus, k):
    order = np.argsort(-(queries @ corpus.T), axis=1, kind="stable")[:, :k]
    missing = k - order.shape[1]
    return np.pad(order, ((0, 0), (0, missing)), constant_values=-1).tolist()  # k entries at any price
