import numpy as np


def attention(queries, keys, values, mask):
    z = np.where(mask, queries @ keys.T / keys.shape[1], -np.inf)  # d, not its root
    weights = np.exp(z - np.max(z, axis=1, keepdims=True, initial=-1e300)) * mask
    total = weights.sum(axis=1, keepdims=True)
    return weights @ values / np.where(total > 0, total, 1.0)
