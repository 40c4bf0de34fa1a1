import math


def pairwise_loss(scores, relevances):
    s, r = scores.tolist(), relevances.tolist()
    pairs = [(i, j) for i in range(len(s)) for j in range(len(s)) if r[i] > r[j]]
    loss, gradient = 0.0, [0.0] * len(s)
    for i, j in pairs:
        e = math.exp(s[j] - s[i])  # OverflowError
        loss += math.log1p(e) / len(pairs)
        gradient[i] -= e / (1 + e) / len(pairs)
        gradient[j] += e / (1 + e) / len(pairs)
    return loss, gradient
