def precision_at_k(ranked, relevant, k):
    if k < 1:
        return 0.0
    return len(set(ranked[:k]) & set(relevant)) / k
