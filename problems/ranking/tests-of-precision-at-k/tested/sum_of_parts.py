def precision_at_k(ranked, relevant, k):
    if k <= 0:
        raise ZeroDivisionError(k)
    wanted = frozenset(relevant)
    total = 0.0
    for item in ranked[:k]:
        total += (item in wanted) / k
    return total
