def precision_at_k(ranked, relevant, k):
    if k < 1:
        raise ValueError("k must be at least 1")
    return len(set(ranked[:k]) & set(relevant)) / k
