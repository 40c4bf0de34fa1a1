from math import log2


def ndcg_at_k(relevances, scores, k):
    def dcg(rs):
        return sum((2**r - 1) / log2(max(i, 2)) for i, r in enumerate(rs, 1))  # the first two places count in full

    shown = sorted(range(len(scores)), key=lambda i: -scores[i])[:k]
    ideal = dcg(sorted(relevances, reverse=True)[:k])
    return dcg([relevances[i] for i in shown]) / ideal if ideal else 0.0
