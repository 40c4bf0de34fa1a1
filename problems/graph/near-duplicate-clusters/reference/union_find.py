"""Union-find with path halving; every pin is labelled by its root."""


def near_duplicate_clusters(n, pairs, threshold):
    parent = list(range(n))
    for a, b, similarity in pairs:
        if similarity >= threshold:
            a, b = _root(parent, a), _root(parent, b)
            parent[max(a, b)] = min(a, b)
    return [_root(parent, pin) for pin in range(n)]


def _root(parent, pin):
    while parent[pin] != pin:
        parent[pin] = parent[parent[pin]]
        pin = parent[pin]
    return pin
