import heapq
from collections import defaultdict


def cheapest_notification_route(links, source, target):
    leading = defaultdict(list)
    for a, b, price in links:
        leading[a].append((b, price))
        leading[b].append((a, price))  # links lead one way
    came_from, queue = {}, [(0, source, source)]
    while queue:
        total, relay, before = heapq.heappop(queue)
        if relay in came_from:
            continue
        came_from[relay] = before
        if relay == target:
            route = [target]
            while came_from[route[-1]] != route[-1]:
                route.append(came_from[route[-1]])
            return route[::-1]
        for following, price in leading[relay]:
            if following not in came_from:
                heapq.heappush(queue, (total + price, following, relay))
    return []
