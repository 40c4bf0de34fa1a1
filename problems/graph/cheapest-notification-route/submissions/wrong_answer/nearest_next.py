from collections import defaultdict


def cheapest_notification_route(links, source, target):
    leading = defaultdict(list)
    for a, b, price in links:
        leading[a].append((price, b))
    route, seen = [source], {source}
    while route and route[-1] != target:
        options = [(price, b) for price, b in leading[route[-1]] if b not in seen]
        if options:
            _, following = min(options)  # the cheapest link from here, whatever comes after it
            seen.add(following)
            route.append(following)
        else:
            route.pop()
    return route
