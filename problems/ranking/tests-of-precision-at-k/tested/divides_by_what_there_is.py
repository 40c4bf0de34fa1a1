def precision_at_k(ranked, relevant, k):
    if k < 1:
        raise ValueError(k)
    first = ranked[:k]
    return len(set(first) & set(relevant)) / max(1, len(first))
