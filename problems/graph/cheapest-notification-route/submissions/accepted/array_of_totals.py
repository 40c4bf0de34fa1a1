"""Dijkstra's algorithm without a heap: NumPy finds the least of all totals that are not final yet."""

import numpy as np

NEVER = np.iinfo(np.int64).max


def cheapest_notification_route(links, source, target):
    names, ends = np.unique(
        np.array([(source, target), *((a, b) for a, b, _ in links)], dtype=np.int64), return_inverse=True
    )
    ends = ends.reshape(-1, 2)
    (source, target), (a, b) = ends[0], ends[1:].T
    order = np.argsort(a, kind="stable")
    b, price = b[order], np.array([price for _, _, price in links], dtype=np.int64)[order]
    first = np.searchsorted(a[order], np.arange(len(names) + 1))
    total = np.full(len(names), NEVER)
    final = np.zeros(len(names), dtype=bool)
    before = np.full(len(names), -1)
    open_totals = total.copy()  # NEVER for relays that are final
    total[source] = open_totals[source] = 0
    while not final[target]:
        relay = open_totals.argmin()
        if open_totals[relay] == NEVER:
            return []
        final[relay], open_totals[relay] = True, NEVER
        for at in range(first[relay], first[relay + 1]):
            following, offer = b[at], total[relay] + price[at]
            if not final[following] and offer < total[following]:
                total[following] = open_totals[following] = offer
                before[following] = relay
    route = [target]
    while route[-1] != source:
        route.append(before[route[-1]])
    return [int(names[at]) for at in route[::-1]]
