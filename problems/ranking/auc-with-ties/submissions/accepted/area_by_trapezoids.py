"""The curve itself: a point for each threshold, and the area under the straight lines between them."""

import numpy as np


def auc(labels, scores):
    order = np.argsort(scores)[::-1]
    y, s = np.array(labels, dtype=float)[order], np.array(scores, dtype=float)[order]
    if len(y) == 0 or y.min() == y.max():
        return 0.5
    thresholds = np.append(np.flatnonzero(s[1:] != s[:-1]), len(s) - 1)
    hits = np.append(0.0, np.cumsum(y)[thresholds])
    alarms = np.append(0.0, np.cumsum(1 - y)[thresholds])
    return np.trapezoid(hits / hits[-1], alarms / alarms[-1])
