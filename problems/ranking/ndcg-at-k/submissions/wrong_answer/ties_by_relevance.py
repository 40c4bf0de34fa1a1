from math import log2


def ndcg_at_k(relevances, scores, k):
    def dcg(rs):
        return sum((2**r - 1) / log2(i + 2) for i, r in enumerate(rs))

    shown = [r for _, r in sorted(zip(scores, relevances), reverse=True)][:k]  # among equals the most relevant first
    ideal = dcg(sorted(relevances, reverse=True)[:k])
    return dcg(shown) / ideal if ideal else 0.0
