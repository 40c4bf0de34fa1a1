import heapq
from collections import defaultdict


def cheapest_notification_route(links, source, target):
    leading = defaultdict(dict)
    for a, b, price in links:
        leading[a][b] = price  # the last of several links
    came_from, queue = {}, [(0, source, None)]
    while queue:
        total, relay, before = heapq.heappop(queue)
        if relay in came_from:
            continue
        came_from[relay] = before
        if relay == target:
            route = [target]
            while came_from[route[-1]] is not None:
                route.append(came_from[route[-1]])
            return route[::-1]
        for following, price in leading[relay].items():
            if following not in came_from:
                heapq.heappush(queue, (total + price, following, relay))
    return []
