from math import log2


def ndcg_at_k(relevances, scores, k):
    def dcg(rs):
        return sum((2**r - 1) / log2(i + 2) for i, r in enumerate(rs))

    shown = sorted(range(len(scores)), key=lambda i: -scores[i])[:k]
    return dcg([relevances[i] for i in shown]) / dcg(sorted(relevances, reverse=True)[:k])  # 0 / 0
