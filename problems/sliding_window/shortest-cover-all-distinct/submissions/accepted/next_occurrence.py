"""From left to right: when the first pin leaves the stretch, it must reach to the next pin with the same id."""

import numpy as np


def shortest_cover_all_distinct(ids):
    n = len(ids)
    if n == 0:
        return (-1, -1)
    following, upcoming = [n] * n, {}
    for at in range(n - 1, -1, -1):
        following[at] = upcoming.get(ids[at], n)
        upcoming[ids[at]] = at
    ends = np.maximum.accumulate([max(upcoming.values()), *following[:-1]])
    lengths = np.where(ends < n, ends - np.arange(n), n)
    begin = int(np.argmin(lengths))
    return (begin, int(ends[begin]))
