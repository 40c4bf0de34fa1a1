def near_duplicate_clusters(n, pairs, threshold):
    parent = list(range(n))

    def find(pin):
        while parent[pin] != pin:
            parent[pin] = parent[parent[pin]]
            pin = parent[pin]
        return pin

    for a, b, similarity in pairs:
        if similarity >= threshold:
            parent[find(a)] = find(b)
    return parent  # not all of them are roots
