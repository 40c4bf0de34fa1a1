def auc(labels, scores):
    positives = [s for y, s in zip(labels, scores) if y == 1]
    negatives = [s for y, s in zip(labels, scores) if y == 0]
    if not positives or not negatives:
        return 0.5
    wins = 0.0
    for s in positives:  # O(P N)
        for t in negatives:
            wins += 1.0 if s > t else 0.5 if s == t else 0.0
    return wins / (len(positives) * len(negatives))
