from math import log2


def ndcg_at_k(relevances, scores, k):
    rest, best, gain, ideal = list(range(len(scores))), list(relevances), 0.0, 0.0
    for place in range(min(k, len(scores))):  # O(n) at each place
        chosen = max(rest, key=scores.__getitem__)
        rest.remove(chosen)
        most = max(best)
        best.remove(most)
        gain += (2 ** relevances[chosen] - 1) / log2(place + 2)
        ideal += (2**most - 1) / log2(place + 2)
    return gain / ideal if ideal else 0.0
