import numpy as np


def ndcg_at_k(relevances, scores, k):
    gains = np.exp2(np.asarray(relevances, dtype=float)) - 1.0
    order = np.argsort(-np.asarray(scores, dtype=float), kind="stable")[:k]
    discounts = 1.0 / np.log2(np.arange(2, len(order) + 2))
    ideal = np.sort(gains)[::-1][:k] @ discounts
    return gains[order] @ discounts / ideal if ideal > 0 else 0.0
