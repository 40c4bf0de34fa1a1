import numpy as np


def session_sizes(users, times, gap):
    who, when = np.array(users, dtype=np.int64), np.array(times, dtype=np.int64)
    order = np.lexsort((when, who))
    breaks = (np.diff(who[order]) != 0) | (np.diff(when[order]) > gap)
    session = np.concatenate([[0], np.cumsum(breaks)])[: len(order)]
    sizes = np.empty(len(order), dtype=np.int64)
    sizes[order] = np.bincount(session)[session] if len(order) else 0
    return sizes.tolist()
