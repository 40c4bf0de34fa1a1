"""The least price by Dijkstra's algorithm, without the route; None when there is none."""

import heapq


def cheapest_notification_route(links, source, target):
    leading = {}
    for a, b, price in links:
        leading.setdefault(a, []).append((b, price))
    done, queue = set(), [(0, source)]
    while queue:
        price, relay = heapq.heappop(queue)
        if relay == target:
            return price
        if relay in done:
            continue
        done.add(relay)
        for following, more in leading.get(relay, ()):
            if following not in done:
                heapq.heappush(queue, (price + more, following))
    return None
