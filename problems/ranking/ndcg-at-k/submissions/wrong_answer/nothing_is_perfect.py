from math import log2


def ndcg_at_k(relevances, scores, k):
    def dcg(rs):
        return sum((2**r - 1) / log2(i + 2) for i, r in enumerate(rs))

    shown = sorted(range(len(scores)), key=lambda i: -scores[i])[:k]
    ideal = dcg(sorted(relevances, reverse=True)[:k])
    return dcg([relevances[i] for i in shown]) / ideal if ideal else 1.0  # "nothing was missed"
