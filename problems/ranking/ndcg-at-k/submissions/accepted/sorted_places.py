from math import log2


def dcg(relevances: list[int]) -> float:
    return sum((2**r - 1) / log2(place + 1) for place, r in enumerate(relevances, start=1))


def ndcg_at_k(relevances: list[int], scores: list[float], k: int) -> float:
    order = sorted(range(len(scores)), key=lambda i: -scores[i])  # stable: equal scores stay in the order of the input
    ideal = dcg(sorted(relevances, reverse=True)[:k])
    if ideal == 0:
        return 0.0
    return dcg([relevances[i] for i in order[:k]]) / ideal
