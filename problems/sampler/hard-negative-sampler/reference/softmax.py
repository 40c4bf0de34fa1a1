"""The law: p(j | i) for every i and j, by the softmax with its maximum taken out.

The exponentials are computed with 40 decimal digits and rounded once, so that the numbers, whose digests the lock
file pins, are the same on every machine; those of a platform's ``exp`` differ in the last bit. The inner products are
sums of rounded products, added without error.
"""

import math
from decimal import Context, Decimal

CONTEXT = Context(prec=40, Emin=-999_999_999, Emax=999_999_999)


def law(queries, candidates, tau):
    """Returns B rows of B probabilities."""
    return [row(query, candidates, tau, positive) for positive, query in enumerate(queries)]


def row(query, candidates, tau, positive):
    products = [math.fsum(x * y for x, y in zip(query, candidate, strict=True)) for candidate in candidates]
    logits = [CONTEXT.multiply(Decimal(tau), Decimal(product)) for product in products]
    peak = max(logit for j, logit in enumerate(logits) if j != positive)
    weights = [
        Decimal(0) if j == positive else CONTEXT.exp(CONTEXT.subtract(logit, peak)) for j, logit in enumerate(logits)
    ]
    total = Decimal(0)
    for weight in weights:
        total = CONTEXT.add(total, weight)
    return [float(CONTEXT.divide(weight, total)) for weight in weights]
