def precision_at_k(ranked, relevant, k):
    if k < 1:
        raise ValueError(k)
    hits = 0
    for item in ranked[:k]:
        if item not in relevant:
            break
        hits += 1
    return hits / k
