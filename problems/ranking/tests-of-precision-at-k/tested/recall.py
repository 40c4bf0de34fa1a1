def precision_at_k(ranked, relevant, k):
    if k < 1:
        raise ValueError(k)
    return len(set(ranked[:k]) & set(relevant)) / max(1, len(set(relevant)))
