def cheapest_notification_route(links, source, target):
    best, before = {source: 0}, {}
    changed = True
    while changed:  # as often as the longest cheapest route has links, in a list in no order
        changed = False
        for a, b, price in links:
            if a in best and (b not in best or best[a] + price < best[b]):
                best[b], before[b] = best[a] + price, a
                changed = True
    route = [target] if target in best else []
    while route and route[-1] != source:
        route.append(before[route[-1]])
    return route[::-1]
