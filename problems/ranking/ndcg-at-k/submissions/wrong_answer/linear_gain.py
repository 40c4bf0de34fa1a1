from math import log2


def ndcg_at_k(relevances, scores, k):
    def dcg(rs):
        return sum(r / log2(i + 2) for i, r in enumerate(rs))  # the relevance itself, not 2^r - 1

    shown = sorted(range(len(scores)), key=lambda i: -scores[i])[:k]
    ideal = dcg(sorted(relevances, reverse=True)[:k])
    return dcg([relevances[i] for i in shown]) / ideal if ideal else 0.0
