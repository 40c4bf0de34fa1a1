"""Takes the k places from heaps, one place at a time. Natural logarithms do as well: the base cancels."""

import heapq
import math


def ndcg_at_k(relevances, scores, k):
    shown = [(-score, i) for i, score in enumerate(scores)]
    best = [-r for r in relevances]
    heapq.heapify(shown)
    heapq.heapify(best)
    gain = ideal = 0.0
    for place in range(1, min(k, len(scores)) + 1):
        weight = 1.0 / math.log(place + 1)
        gain += weight * ((1 << relevances[heapq.heappop(shown)[1]]) - 1)
        ideal += weight * ((1 << -heapq.heappop(best)) - 1)
    return gain / ideal if ideal else 0
