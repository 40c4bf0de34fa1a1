import numpy as np


def ndcg_at_k(relevances, scores, k):
    gains = 2.0 ** np.array(relevances) - 1
    order = np.argsort(scores, kind="stable")[::-1][:k]  # among equals the last first
    discounts = 1 / np.log2(np.arange(len(order)) + 2)
    ideal = np.sum(np.sort(gains)[::-1][:k] * discounts)
    return float(np.sum(gains[order] * discounts) / ideal) if ideal else 0.0
