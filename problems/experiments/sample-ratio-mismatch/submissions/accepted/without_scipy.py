"""The tail is a finite sum: from exp(-x) or erfc(√x), two degrees of freedom further with each term."""

import math


def sample_ratio_mismatch(counts, weights):
    people, total = sum(counts), sum(weights)
    x = sum((c * total - people * w) ** 2 / (people * w * total) for c, w in zip(counts, weights)) / 2
    df = len(counts) - 1
    if df % 2:
        tail, a, term = math.erfc(math.sqrt(x)), 0.5, 2 * math.sqrt(x / math.pi) * math.exp(-x)
    else:
        tail, a, term = math.exp(-x), 1.0, x * math.exp(-x)
    while 2 * a < df:
        tail += term
        a += 1
        term *= x / a
    return tail
