def auc(labels, scores):
    positives = sum(labels)
    negatives = len(labels) - positives
    if positives == 0 or negatives == 0:
        return 0.5
    area = hits = 0
    for _, label in sorted(zip(scores, labels), reverse=True):  # a step for each item, the positives of a tie first
        if label == 1:
            hits += 1
        else:
            area += hits
    return area / (positives * negatives)
