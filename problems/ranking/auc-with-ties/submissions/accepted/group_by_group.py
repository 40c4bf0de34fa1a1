"""From the lowest score to the highest, one group of equal scores at a time."""

from itertools import groupby


def auc(labels: list[int], scores: list[float]) -> float:
    positives = sum(labels)
    negatives = len(labels) - positives
    if positives == 0 or negatives == 0:
        return 0.5
    below = 0
    wins = 0.0
    for _, group in groupby(sorted(zip(scores, labels)), key=lambda pair: pair[0]):
        members = [label for _, label in group]
        here = sum(members)
        wins += here * (below + (len(members) - here) / 2)
        below += len(members) - here
    return wins / (positives * negatives)
