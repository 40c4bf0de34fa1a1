def precision_at_k(ranked, relevant, k):
    if k < 1:
        raise ValueError(k)
    return len(set(range(min(k, len(ranked)))) & set(relevant)) / k
