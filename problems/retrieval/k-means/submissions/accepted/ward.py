"""Merges the two clusters whose union costs least, until k are left; then single points change sides. Pure Python."""

import heapq


def k_means(points, k):
    places = {}
    for at, row in enumerate(points.tolist()):
        places.setdefault(tuple(row), []).append(at)
    clusters = {name: (place, members) for name, (place, members) in enumerate(places.items())}
    nearest = [(*best(clusters, name), name) for name in list(clusters)]
    heapq.heapify(nearest)
    fresh = len(clusters)
    while len(clusters) > k:
        _, other, name = heapq.heappop(nearest)
        if name not in clusters:
            continue
        if other not in clusters:
            heapq.heappush(nearest, (*best(clusters, name), name))
            continue
        (a, left), (b, right) = clusters.pop(name), clusters.pop(other)
        n, m = len(left), len(right)
        clusters[fresh] = (tuple((n * x + m * y) / (n + m) for x, y in zip(a, b)), left + right)
        if len(clusters) > 1:
            heapq.heappush(nearest, (*best(clusters, fresh), fresh))
        fresh += 1
    return improve(points.tolist(), list(clusters.values()))


def best(clusters, name):
    """The cluster that is cheapest to merge with, of those that are there: (cost, its name)."""
    place, members = clusters[name]
    n, found = len(members), (float("inf"), -1)
    for other, (centre, inside) in clusters.items():
        if other != name:
            cost = sum((x - y) ** 2 for x, y in zip(place, centre)) * n * len(inside) / (n + len(inside))
            if cost < found[0]:
                found = (cost, other)
    return found


def improve(points, clusters):
    centres = [place for place, _ in clusters]
    for _ in range(10):
        labels = [
            min(range(len(centres)), key=lambda c: sum((x - y) ** 2 for x, y in zip(point, centres[c])))
            for point in points
        ]
        groups = [[] for _ in centres]
        for point, label in zip(points, labels):
            groups[label].append(point)
        moved = [
            tuple(sum(axis) / len(group) for axis in zip(*group)) if group else centre
            for group, centre in zip(groups, centres)
        ]
        if moved == centres:
            break
        centres = moved
    return labels
