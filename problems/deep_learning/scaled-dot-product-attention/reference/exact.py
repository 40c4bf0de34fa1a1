"""Attention with 40 decimal digits, rounded once: the same on every machine."""

from decimal import Context, Decimal

CONTEXT = Context(prec=40, Emin=-999_999_999, Emax=999_999_999)


def attention(queries, keys, values, mask):
    keys, values = _decimals(keys), _decimals(values)
    root = CONTEXT.sqrt(Decimal(len(keys[0])))
    return [
        _row(query, keys, values, [bool(seen) for seen in row], root)
        for query, row in zip(_decimals(queries), mask, strict=True)
    ]


def _decimals(matrix):
    return [[Decimal(float(x)) for x in row] for row in matrix]


def _row(query, keys, values, seen, root):
    logits = {j: CONTEXT.divide(_inner(query, key), root) for j, key in enumerate(keys) if seen[j]}
    if not logits:
        return [0.0] * len(values[0])
    peak = max(logits.values())
    weights = {j: CONTEXT.exp(CONTEXT.subtract(logit, peak)) for j, logit in logits.items()}
    total = _inner(weights.values(), [Decimal(1)] * len(weights))
    return [
        float(CONTEXT.divide(_inner(weights.values(), [values[j][column] for j in weights]), total))
        for column in range(len(values[0]))
    ]


def _inner(one, other):
    total = Decimal(0)
    for x, y in zip(one, other, strict=True):
        total = CONTEXT.add(total, CONTEXT.multiply(x, y))
    return total
