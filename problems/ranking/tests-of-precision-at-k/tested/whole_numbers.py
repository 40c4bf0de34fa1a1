def precision_at_k(ranked, relevant, k):
    if k < 1:
        raise ValueError(k)
    return float(len(set(ranked[:k]) & set(relevant)) // k)
