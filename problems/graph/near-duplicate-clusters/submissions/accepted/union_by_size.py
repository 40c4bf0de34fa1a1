def near_duplicate_clusters(n: int, pairs: list[tuple[int, int, float]], threshold: float) -> list[int]:
    parent, size = list(range(n)), [1] * n

    def find(pin):
        root = pin
        while parent[root] != root:
            root = parent[root]
        while parent[pin] != root:  # path compression
            parent[pin], pin = root, parent[pin]
        return root

    for a, b, similarity in pairs:
        if similarity < threshold:
            continue
        a, b = find(a), find(b)
        if a != b:
            if size[a] < size[b]:
                a, b = b, a
            parent[b] = a
            size[a] += size[b]
    return [find(pin) for pin in range(n)]
