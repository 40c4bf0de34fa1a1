from bisect import bisect
from collections import Counter
from math import log


def population_stability_index(expected, actual, edges):
    then, now = (Counter(bisect(edges, value) for value in values) for values in (expected, actual))
    index = 0
    for i in then.keys() | now.keys():  # bins that are empty in both add nothing
        e = then[i] / len(expected) or 0.0001
        a = now[i] / len(actual) or 0.0001
        index += (a - e) * (log(a) - log(e))
    return index
