"""Online softmax: the keys one after the other, for all queries at once; what was summed is rescaled when the largest
logit so far changes."""

import numpy as np


def attention(queries, keys, values, mask):
    n, d = queries.shape
    peak, total, answer = np.full(n, -np.inf), np.zeros(n), np.zeros((n, values.shape[1]))
    for key, value, seen in zip(keys, values, mask.T):
        z = queries[seen] @ key / d**0.5
        higher = np.maximum(peak[seen], z)
        fade, weight = np.exp(peak[seen] - higher), np.exp(z - higher)
        total[seen] = total[seen] * fade + weight
        answer[seen] = answer[seen] * fade[:, None] + weight[:, None] * value
        peak[seen] = higher
    return answer / np.maximum(total, 1e-300)[:, None]
