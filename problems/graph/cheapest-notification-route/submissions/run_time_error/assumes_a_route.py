import heapq


def cheapest_notification_route(links, source, target):
    leading = {}
    for a, b, price in links:
        leading.setdefault(a, []).append((b, price))
        leading.setdefault(b, [])
    before, best, queue = {}, {source: 0}, [(0, source)]
    while queue:
        total, relay = heapq.heappop(queue)
        for following, price in leading.get(relay, []):
            if following not in best or total + price < best[following]:
                best[following], before[following] = total + price, relay
                heapq.heappush(queue, (total + price, following))
    route = [target]
    while route[0] != source:
        route.insert(0, before[route[0]])  # there may be none
    return route
