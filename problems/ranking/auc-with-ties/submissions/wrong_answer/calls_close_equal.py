def auc(labels, scores):
    positives = sum(labels)
    negatives = len(labels) - positives
    if positives == 0 or negatives == 0:
        return 0.5
    wins, below, here, tied, at = 0.0, 0, 0, 0, None
    for score, label in sorted(zip(scores, labels)):
        if at is None or score - at > 1e-12:  # closer than that is "equal"
            wins += here * (below + tied / 2)
            below, here, tied = below + tied, 0, 0
        at = score
        here += label
        tied += 1 - label
    return (wins + here * (below + tied / 2)) / (positives * negatives)
