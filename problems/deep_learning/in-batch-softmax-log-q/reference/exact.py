"""Loss and gradient with 40 decimal digits, rounded once: the same on every machine."""

from decimal import Context, Decimal

CONTEXT = Context(prec=40, Emin=-999_999_999, Emax=999_999_999)


def in_batch_softmax(queries, candidates, log_q, temperature):
    rows, columns, corrections = _decimals(queries), _decimals(candidates), _decimals([log_q])[0]
    size, warmth = len(rows), Decimal(temperature)
    loss, gradient = Decimal(0), []
    for positive, query in enumerate(rows):
        logits = [
            CONTEXT.subtract(CONTEXT.divide(_inner(query, column), warmth), correction)
            for column, correction in zip(columns, corrections, strict=True)
        ]
        row_loss, shares = _cross_entropy(logits, positive)
        loss = CONTEXT.add(loss, row_loss)
        gradient.append([float(CONTEXT.divide(share, Decimal(size))) for share in shares])
    return float(CONTEXT.divide(loss, Decimal(size))), gradient


def _decimals(matrix):
    return [[Decimal(float(x)) for x in row] for row in matrix]


def _inner(one, other):
    return _sum(CONTEXT.multiply(x, y) for x, y in zip(one, other, strict=True))


def _sum(terms):
    total = Decimal(0)
    for term in terms:
        total = CONTEXT.add(total, term)
    return total


def _cross_entropy(logits, positive):
    """Returns the loss of one query, and its derivatives: the softmax, less 1 at the positive."""
    peak = max(logits)
    weights = [CONTEXT.exp(CONTEXT.subtract(logit, peak)) for logit in logits]
    total = _sum(weights)
    loss = CONTEXT.subtract(CONTEXT.add(peak, CONTEXT.ln(total)), logits[positive])
    shares = [CONTEXT.divide(weight, total) for weight in weights]
    shares[positive] = CONTEXT.subtract(shares[positive], Decimal(1))
    return loss, shares
