"""The index with 40 decimal digits, rounded once: the same on every machine."""

from bisect import bisect_right
from decimal import Context, Decimal

CONTEXT = Context(prec=40)
INSTEAD_OF_NOTHING = CONTEXT.divide(Decimal(1), Decimal(10000))


def population_stability_index(expected, actual, edges):
    total = Decimal(0)
    for then, now in zip(_shares(expected, edges), _shares(actual, edges), strict=True):
        ratio = CONTEXT.ln(CONTEXT.divide(now, then))
        total = CONTEXT.add(total, CONTEXT.multiply(CONTEXT.subtract(now, then), ratio))
    return float(total)


def _shares(values, edges):
    counts = [0] * (len(edges) + 1)
    for value in values:
        counts[bisect_right(edges, value)] += 1
    whole = Decimal(len(values))
    return [CONTEXT.divide(Decimal(count), whole) if count else INSTEAD_OF_NOTHING for count in counts]
