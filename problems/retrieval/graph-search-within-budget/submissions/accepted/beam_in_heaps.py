from collections.abc import Callable
from functools import partial
from heapq import heappop, heappush, heappushpop


def search(
    neighbours: list[list[int]], entry: int, queries: int, k: int, distance: Callable[[int, int], float]
) -> list[list[int]]:
    return [one(neighbours, entry, max(k, 24), partial(distance, query))[:k] for query in range(queries)]


def one(neighbours, entry, width, distance):
    first = distance(entry)
    seen, ahead, best = {entry}, [(first, entry)], [(-first, entry)]
    while ahead:
        near, item = heappop(ahead)
        if len(best) == width and near > -best[0][0]:
            break
        for other in neighbours[item]:
            if other in seen:
                continue
            seen.add(other)
            found = distance(other)
            if len(best) < width:
                heappush(best, (-found, other))
            elif found < -best[0][0]:
                heappushpop(best, (-found, other))
            else:
                continue
            heappush(ahead, (found, other))
    return [item for _, item in sorted(best, reverse=True)]
