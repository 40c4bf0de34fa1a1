"""The price from every relay to the target first, by a search against the links; then always a link that keeps it."""

import heapq
from collections import defaultdict, deque


def cheapest_notification_route(links, source, target):
    backwards = defaultdict(list)
    for a, b, price in links:
        backwards[b].append((a, price))
    rest, queue = {target: 0}, [(0, target)]
    while queue:
        total, relay = heapq.heappop(queue)
        if total > rest[relay]:
            continue
        for before, price in backwards[relay]:
            if total + price < rest.get(before, total + price + 1):
                rest[before] = total + price
                heapq.heappush(queue, (total + price, before))
    if source not in rest:
        return []
    return fewest_links([(a, b) for a, b, price in links if b in rest and rest[a] == rest[b] + price], source, target)


def fewest_links(links, source, target):
    """Free links can lead in a circle without losing anything: breadth first, each relay once."""
    leading = defaultdict(list)
    for a, b in links:
        leading[a].append(b)
    routes, queue = {source: None}, deque([source])
    while target not in routes:
        relay = queue.popleft()
        for following in leading[relay]:
            if following not in routes:
                routes[following] = relay
                queue.append(following)
    route = [target]
    while route[-1] != source:
        route.append(routes[route[-1]])
    return route[::-1]
