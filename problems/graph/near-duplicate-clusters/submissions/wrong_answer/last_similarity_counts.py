def near_duplicate_clusters(n, pairs, threshold):
    similarities = {}
    for a, b, similarity in pairs:
        similarities[min(a, b), max(a, b)] = similarity  # forgets an earlier one
    parent = list(range(n))

    def find(pin):
        while parent[pin] != pin:
            parent[pin] = parent[parent[pin]]
            pin = parent[pin]
        return pin

    for (a, b), similarity in similarities.items():
        if similarity >= threshold:
            parent[find(a)] = find(b)
    return [find(pin) for pin in range(n)]
