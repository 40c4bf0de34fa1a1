"""One step with 60 decimal digits, rounded once: the same on every machine."""

from decimal import Context, Decimal

CONTEXT = Context(prec=60, Emin=-999_999_999, Emax=999_999_999)
ONE = Decimal(1)


def adam_step(parameters, gradient, first_moment, second_moment, step, learning_rate, beta1, beta2, epsilon):
    first = _mean(first_moment, gradient, Decimal(beta1), power=1)
    second = _mean(second_moment, gradient, Decimal(beta2), power=2)
    first_share, second_share = _share(Decimal(beta1), step), _share(Decimal(beta2), step)
    moved = []
    for old, m, v in zip(parameters, first, second, strict=True):
        root = CONTEXT.sqrt(CONTEXT.divide(v, second_share))
        slope = CONTEXT.divide(CONTEXT.divide(m, first_share), CONTEXT.add(root, Decimal(epsilon)))
        moved.append(CONTEXT.subtract(Decimal(float(old)), CONTEXT.multiply(Decimal(learning_rate), slope)))
    return tuple([float(x) for x in part] for part in (moved, first, second))


def _mean(moment, gradient, beta, power):
    fresh = CONTEXT.subtract(ONE, beta)
    return [
        CONTEXT.add(
            CONTEXT.multiply(beta, Decimal(float(old))),
            CONTEXT.multiply(fresh, CONTEXT.power(Decimal(float(g)), power)),
        )
        for old, g in zip(moment, gradient, strict=True)
    ]


def _share(beta, step):
    """Returns 1 - beta^t: how much of the mean has been filled."""
    return CONTEXT.subtract(ONE, CONTEXT.power(beta, step) if beta else Decimal(0))
