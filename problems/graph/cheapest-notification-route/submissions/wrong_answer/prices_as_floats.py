import heapq
from collections import defaultdict


def cheapest_notification_route(links, source, target):
    leading = defaultdict(list)
    for a, b, price in links:
        leading[a].append((b, float(price)))
    came_from, best, queue = {source: None}, {source: 0.0}, [(0.0, source)]
    while queue:
        total, relay = heapq.heappop(queue)
        if total > best[relay]:
            continue
        for following, price in leading[relay]:
            if total + price < best.get(following, float("inf")):  # beyond 2^53 not every int is a float
                best[following], came_from[following] = total + price, relay
                heapq.heappush(queue, (total + price, following))
    route = [target] if target in best else []
    while route and came_from[route[-1]] is not None:
        route.append(came_from[route[-1]])
    return route[::-1]
