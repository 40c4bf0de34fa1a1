"""Counts, for each positive, the negatives below it and as high as it, and divides once: correctly rounded."""

from bisect import bisect_left, bisect_right


def auc(labels, scores):
    negatives = sorted(score for label, score in zip(labels, scores, strict=True) if label == 0)
    positives = [score for label, score in zip(labels, scores, strict=True) if label == 1]
    if not positives or not negatives:
        return 0.5
    halves = sum(bisect_left(negatives, score) + bisect_right(negatives, score) for score in positives)
    return halves / (2 * len(positives) * len(negatives))
