import numpy as np


def near_duplicate_clusters(n, pairs, threshold):
    similarities = np.array([s for _, _, s in pairs], dtype=np.float32)
    parent = list(range(n))

    def find(pin):
        while parent[pin] != pin:
            parent[pin] = parent[parent[pin]]
            pin = parent[pin]
        return pin

    for at in np.flatnonzero(similarities >= np.float32(threshold)):  # a hair below is equal
        a, b, _ = pairs[at]
        parent[find(a)] = find(b)
    return [find(pin) for pin in range(n)]
