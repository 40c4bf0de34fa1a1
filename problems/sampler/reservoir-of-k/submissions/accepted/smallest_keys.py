"""Each pin gets a random key, and the k smallest are kept on a heap: also for streams that come in parts."""

import heapq

import numpy as np


def reservoir(stream, k, seed):
    keys = np.random.default_rng(seed).random(len(stream))
    heap = []
    for position, key in enumerate(keys):
        heapq.heappush(heap, (-key, position))
        if len(heap) > k:
            heapq.heappop(heap)
    return [position for _, position in heap]
