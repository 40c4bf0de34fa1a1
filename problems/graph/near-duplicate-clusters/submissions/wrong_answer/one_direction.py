from collections import defaultdict


def near_duplicate_clusters(n, pairs, threshold):
    duplicates = defaultdict(list)
    for a, b, similarity in pairs:
        if similarity >= threshold:
            duplicates[a].append(b)  # and not the other way
    labels = [-1] * n
    for first in range(n):
        stack = [first] if labels[first] < 0 else []
        while stack:
            pin = stack.pop()
            if labels[pin] < 0:
                labels[pin] = first
                stack += duplicates[pin]
    return labels
