from math import log


def shares(values, edges):
    counts = [0] * (len(edges) + 1)
    for value in values:
        at = 0
        while at < len(edges) and value >= edges[at]:  # O(m) for each value
            at += 1
        counts[at] += 1
    return [count / len(values) if count else 0.0001 for count in counts]


def population_stability_index(expected, actual, edges):
    return sum((a - e) * log(a / e) for e, a in zip(shares(expected, edges), shares(actual, edges)))
