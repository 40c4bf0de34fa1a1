import heapq
from collections import defaultdict


def cheapest_notification_route(links: list[tuple[int, int, int]], source: int, target: int) -> list[int]:
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
            return unwind(came_from, target)
        for following, price in leading[relay]:
            if following not in came_from:
                heapq.heappush(queue, (total + price, following, relay))
    return []


def unwind(came_from, relay):
    route = [relay]
    while came_from[relay] != relay:
        relay = came_from[relay]
        route.append(relay)
    return route[::-1]
