"""Loss and gradient with 40 decimal digits, rounded once: the same on every machine."""

from decimal import Context, Decimal

CONTEXT = Context(prec=40, Emin=-999_999_999, Emax=999_999_999)
ONE = Decimal(1)


def pairwise_loss(scores, relevances):
    exact = [Decimal(float(score)) for score in scores]
    grades = [int(relevance) for relevance in relevances]
    pairs = [(i, j) for i, above in enumerate(grades) for j, below in enumerate(grades) if above > below]
    loss, gradient = Decimal(0), [Decimal(0)] * len(exact)
    for i, j in pairs:
        term, slope = _term(CONTEXT.subtract(exact[i], exact[j]))
        loss = CONTEXT.add(loss, term)
        gradient[i] = CONTEXT.subtract(gradient[i], slope)
        gradient[j] = CONTEXT.add(gradient[j], slope)
    count = Decimal(max(len(pairs), 1))
    return float(CONTEXT.divide(loss, count)), [float(CONTEXT.divide(part, count)) for part in gradient]


def _term(difference):
    """Returns log(1 + exp(-d)) and 1 / (1 + exp(d))."""
    small = CONTEXT.exp(difference.copy_abs().copy_negate())
    sigmoid = CONTEXT.divide(small if difference > 0 else ONE, CONTEXT.add(ONE, small))
    return CONTEXT.add(max(difference.copy_negate(), Decimal(0)), _log_of_one_plus(small)), sigmoid


def _log_of_one_plus(x):
    """For x from 0 to 1; the series keeps the digits that 1 + x would lose."""
    if x > Decimal("1e-10"):
        return CONTEXT.ln(CONTEXT.add(ONE, x))
    half, third = CONTEXT.divide(x, Decimal(2)), CONTEXT.divide(x, Decimal(3))
    return CONTEXT.multiply(x, CONTEXT.subtract(ONE, CONTEXT.subtract(half, CONTEXT.multiply(x, third))))
