from math import log2


def ndcg_at_k(relevances, scores, k):
    def dcg(rs):
        return sum((2**r - 1) / log2(i + 2) for i, r in enumerate(rs))

    shown = [relevances[i] for i in sorted(range(len(scores)), key=lambda i: -scores[i])[:k]]
    ideal = dcg(sorted(shown, reverse=True))  # what the model left out is forgiven
    return dcg(shown) / ideal if ideal else 0.0
