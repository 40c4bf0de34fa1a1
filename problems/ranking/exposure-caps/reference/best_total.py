"""The total of a best slate: each creator's best pins, and of these the best."""

from collections import defaultdict
from heapq import nlargest


def slate(relevance, creators, k, cap):
    own = defaultdict(list)
    for value, creator in zip(relevance, creators, strict=True):
        own[creator].append(value)
    return sum(nlargest(k, [value for values in own.values() for value in nlargest(cap, values)]))
