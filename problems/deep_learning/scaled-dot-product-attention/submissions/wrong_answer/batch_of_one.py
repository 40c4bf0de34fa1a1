import numpy as np


def attention(queries, keys, values, mask):
    z = np.where(mask, queries @ keys.T / np.sqrt(keys.shape[1]), -np.inf)
    weights = np.exp(z - np.max(z, axis=1, keepdims=True, initial=-1e300)) * mask
    total = weights.sum(axis=1, keepdims=True)
    return [(weights @ values / np.where(total > 0, total, 1.0)).tolist()]  # in a batch of one
