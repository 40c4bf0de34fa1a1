"""A heap holds the best pin of each creator that may still be shown."""

from collections import defaultdict
from heapq import heapify, heappop, heappush


def slate(relevance, creators, k, cap):
    own = defaultdict(list)
    for pin in sorted(range(len(relevance)), key=lambda pin: (relevance[pin], pin)):
        own[creators[pin]].append(pin)
    left = dict.fromkeys(own, cap - 1)
    heap = [(-relevance[pins[-1]], pins.pop(), creator) for creator, pins in own.items()]
    heapify(heap)
    taken = []
    while heap and len(taken) < k:
        _, pin, creator = heappop(heap)
        taken.append(pin)
        if own[creator] and left[creator]:
            left[creator] -= 1
            following = own[creator].pop()
            heappush(heap, (-relevance[following], following, creator))
    return taken
