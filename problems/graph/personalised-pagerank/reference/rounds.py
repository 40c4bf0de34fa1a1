"""One step after another for all pins at once, until the sum of changes is below 1e-13: nothing but sums, products and
quotients, which every machine rounds alike.

A step shrinks the distance from the answer, summed over the pins, by 1 - restart at least, so what is missing at the
end is at most 1e-13 / restart.
"""

import math


def personalised_pagerank(n, links, saved, restart):
    leading = [[] for _ in range(n)]
    for a, b in links:
        leading[a].append(b)
    share = [0.0] * n
    for pin in saved:
        share[pin] = 1.0 / len(saved)
    while True:
        following = _step(leading, share, saved, restart)
        change = math.fsum(abs(x - y) for x, y in zip(share, following, strict=True))
        share = following
        if change < 1e-13:
            return share


def _step(leading, share, saved, restart):
    arriving = [[] for _ in share]
    for here, pins in zip(share, leading, strict=True):
        for pin in pins:
            arriving[pin].append((1.0 - restart) * here / len(pins))
    following = [math.fsum(parts) for parts in arriving]
    rest = (1.0 - math.fsum(following)) / len(saved)
    for pin in saved:
        following[pin] += rest
    return following
