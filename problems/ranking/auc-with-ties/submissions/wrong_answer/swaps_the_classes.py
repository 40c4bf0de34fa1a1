from bisect import bisect_left, bisect_right


def auc(labels, scores):
    positives = sorted(s for y, s in zip(labels, scores) if y == 1)
    negatives = [s for y, s in zip(labels, scores) if y == 0]
    if not positives or not negatives:
        return 0.5
    halves = sum(bisect_left(positives, s) + bisect_right(positives, s) for s in negatives)
    return halves / (2 * len(positives) * len(negatives))  # how often a negative is above a positive
