from bisect import bisect
from collections import Counter
from math import log


def population_stability_index(expected, actual, edges):
    then, now = (Counter(bisect(edges, value) for value in values) for values in (expected, actual))
    index = 0.0
    for i in then.keys() | now.keys():
        e, a = then[i] / len(expected), now[i] / len(actual)
        index += (a - e) * log(a / e)  # ZeroDivisionError, or ValueError
    return index
