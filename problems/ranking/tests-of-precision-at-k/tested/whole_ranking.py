def precision_at_k(ranked, relevant, k):
    if k < 1:
        raise ValueError(k)
    return min(k, len(set(ranked) & set(relevant))) / k
