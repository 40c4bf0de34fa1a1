"""Both samples are sorted, and one pointer moves along the edges."""

from math import fsum, log


def counts(values, edges):
    ordered, begin, found = sorted(values), 0, []
    for edge in edges:
        end = begin
        while end < len(ordered) and ordered[end] < edge:
            end += 1
        found.append(end - begin)
        begin = end
    return [*found, len(ordered) - begin]


def population_stability_index(expected, actual, edges):
    e = [count / len(expected) if count else 1e-4 for count in counts(expected, edges)]
    a = [count / len(actual) if count else 1e-4 for count in counts(actual, edges)]
    return fsum((y - x) * log(y / x) for x, y in zip(e, a))
