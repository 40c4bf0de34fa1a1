"""Depth-first search with a stack of its own; clusters are numbered as they are found."""

from collections import defaultdict


def near_duplicate_clusters(n, pairs, threshold):
    duplicates = defaultdict(list)
    for a, b, similarity in pairs:
        if similarity >= threshold:
            duplicates[a].append(b)
            duplicates[b].append(a)
    labels, clusters = [-1] * n, 0
    for first in range(n):
        if labels[first] >= 0:
            continue
        labels[first], stack = clusters, [first]
        while stack:
            for pin in duplicates[stack.pop()]:
                if labels[pin] < 0:
                    labels[pin] = clusters
                    stack.append(pin)
        clusters += 1
    return labels
