from collections import defaultdict


def near_duplicate_clusters(n, pairs, threshold):
    duplicates = defaultdict(set)
    for a, b, similarity in pairs:
        if similarity >= threshold:
            duplicates[a].add(b)
            duplicates[b].add(a)
    labels = {}
    for first in sorted(duplicates):
        stack = [first]
        while stack:
            pin = stack.pop()
            if pin not in labels:
                labels[pin] = first
                stack += duplicates[pin]
    return [labels[pin] for pin in sorted(labels)]  # pins without duplicates have no label
