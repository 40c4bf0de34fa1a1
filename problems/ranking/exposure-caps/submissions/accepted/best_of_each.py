from collections import defaultdict
from heapq import nlargest


def slate(relevance, creators, k, cap):
    own = defaultdict(list)
    for pin, creator in enumerate(creators):
        own[creator].append(pin)
    value = relevance.__getitem__
    return nlargest(k, [pin for pins in own.values() for pin in nlargest(cap, pins, key=value)], key=value)
