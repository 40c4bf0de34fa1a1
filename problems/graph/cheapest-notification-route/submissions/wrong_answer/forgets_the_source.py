import heapq
from collections import defaultdict


def cheapest_notification_route(links, source, target):
    leading = defaultdict(list)
    for a, b, price in links:
        leading[a].append((b, price))
    came_from, queue = {}, [(0, source, source)]
    while queue:
        total, relay, before = heapq.heappop(queue)
        if relay in came_from:
            continue
        came_from[relay] = before
        if relay == target:
            route = []
            while relay != source:  # ends before the source
                route.append(relay)
                relay = came_from[relay]
            return route[::-1] or [source]
        for following, price in leading[relay]:
            heapq.heappush(queue, (total + price, following, relay))
    return []
