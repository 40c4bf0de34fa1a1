from bisect import bisect_right


def auc(labels, scores):
    positives = [s for y, s in zip(labels, scores) if y == 1]
    negatives = sorted(s for y, s in zip(labels, scores) if y == 0)
    if not positives or not negatives:
        return 0.5
    return sum(bisect_right(negatives, s) for s in positives) / (len(positives) * len(negatives))  # a tie is a win
