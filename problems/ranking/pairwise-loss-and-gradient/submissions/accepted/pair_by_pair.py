import math


def pairwise_loss(scores, relevances):
    s, r = scores.tolist(), relevances.tolist()
    losses, gradient = [], [0.0] * len(s)
    pairs = [(i, j) for i in range(len(s)) for j in range(len(s)) if r[i] > r[j]]
    for i, j in pairs:
        d = s[i] - s[j]
        small = math.exp(-abs(d))
        losses.append(max(-d, 0.0) + math.log1p(small))
        slope = (small if d > 0 else 1.0) / (1.0 + small)
        gradient[i] -= slope / len(pairs)
        gradient[j] += slope / len(pairs)
    return math.fsum(losses) / max(len(pairs), 1), gradient
