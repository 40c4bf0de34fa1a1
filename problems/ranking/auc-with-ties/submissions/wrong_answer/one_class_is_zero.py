from bisect import bisect_left, bisect_right


def auc(labels, scores):
    positives = [s for y, s in zip(labels, scores) if y == 1]
    negatives = sorted(s for y, s in zip(labels, scores) if y == 0)
    halves = sum(bisect_left(negatives, s) + bisect_right(negatives, s) for s in positives)
    return halves / max(2 * len(positives) * len(negatives), 1)  # 0 / 1 when a class is missing
