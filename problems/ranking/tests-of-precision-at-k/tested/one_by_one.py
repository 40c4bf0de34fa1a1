def precision_at_k(ranked, relevant, k):
    assert k > 0
    hits = 0
    for item in ranked[:k]:
        if item in relevant:
            hits += 1
    return hits / float(k)
