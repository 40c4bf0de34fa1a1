import heapq
from collections import defaultdict


def cheapest_notification_route(links, source, target):
    leading = defaultdict(list)
    for a, b, price in links:
        leading[a].append((b, price))
    done, queue = set(), [(0, source)]
    while queue:
        total, relay = heapq.heappop(queue)
        if relay == target:
            return total  # what it costs, not which way it goes
        if relay not in done:
            done.add(relay)
            for following, price in leading[relay]:
                heapq.heappush(queue, (total + price, following))
    return -1
