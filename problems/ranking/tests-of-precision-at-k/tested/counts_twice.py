def precision_at_k(ranked, relevant, k):
    if k < 1:
        raise ValueError(k)
    return sum(item in ranked[:k] for item in relevant) / k
