"""Any assignment first; as long as moving some ads in a circle gains, move them (Klein 1967)."""

import numpy as np


def assign_ads(values):
    n = max(len(values), len(values[0]))
    square = np.zeros((n, n), dtype=np.int64)  # what is missing is worth 0 to everybody
    square[: len(values), : len(values[0])] = values
    slot = np.arange(n)
    while True:
        circle = gaining_circle(square[:, slot] - square[np.arange(n), slot][:, None])
        if not circle:
            break
        slot[circle] = slot[circle[1:] + circle[:1]]
    return [int(s) if s < len(values[0]) else -1 for s in slot[: len(values)]]


def gaining_circle(gain):
    """Ads of which each gains, in sum, by taking the slot of the next; gain[a, b] is that of a by taking b's."""
    n = len(gain)
    best, following = np.zeros(n, dtype=np.int64), np.full(n, -1)
    changed = -1
    for _ in range(n):
        offers = gain + best[None, :]
        choice = offers.argmax(axis=1)
        better = offers[np.arange(n), choice] > best
        if not better.any():
            return []
        best[better] = offers[np.arange(n), choice][better]
        following[better] = choice[better]
        changed = int(np.flatnonzero(better)[0])
        circle = circle_from(following, changed)
        if circle:
            return circle
    return []


def circle_from(following, ad):
    seen = {}
    while ad >= 0 and ad not in seen:
        seen[ad] = len(seen)
        ad = int(following[ad])
    return list(seen)[seen[ad] :] if ad >= 0 else []
