"""The size of a group with 50 decimal digits, and rounded up: the same on every machine.

The normal distribution function is 1/2 + phi(z) (z + z^3 / 3 + z^5 / (3 5) + ...); its quantile is found by Newton's
method, which from 0 upwards never steps too far, since the function is concave there.
"""

from decimal import ROUND_CEILING, Context, Decimal

CONTEXT = Context(prec=50)
HALF = Decimal("0.5")
ROOT_OF_2_PI = Decimal("2.50662827463100050241576528481104525300698674060993831662992357")
ENOUGH = Decimal("1e-40")


def sample_size(baseline, mde, alpha, power):
    one, effect = Decimal(baseline), Decimal(mde)
    other = CONTEXT.add(one, effect)
    tail = CONTEXT.divide(Decimal(alpha), Decimal(2))
    quantiles = CONTEXT.add(_quantile(CONTEXT.subtract(Decimal(1), tail)), _quantile(Decimal(power)))
    ratio = CONTEXT.divide(quantiles, effect)
    size = CONTEXT.multiply(CONTEXT.multiply(ratio, ratio), CONTEXT.add(_variance(one), _variance(other)))
    return int(size.to_integral_value(ROUND_CEILING))


def _variance(share):
    return CONTEXT.multiply(share, CONTEXT.subtract(Decimal(1), share))


def _quantile(share):
    """For shares from 0.5."""
    z = Decimal(0)
    while True:
        exponent = CONTEXT.multiply(HALF, CONTEXT.multiply(z, z)).copy_negate()
        density = CONTEXT.divide(CONTEXT.exp(exponent), ROOT_OF_2_PI)
        missing = CONTEXT.subtract(CONTEXT.subtract(share, HALF), CONTEXT.multiply(density, _series(z)))
        step = CONTEXT.divide(missing, density)
        z = CONTEXT.add(z, step)
        if step.copy_abs() < ENOUGH:
            return z


def _series(z):
    square, term, total, odd = CONTEXT.multiply(z, z), z, z, 1
    while term > ENOUGH * ENOUGH:
        odd += 2
        term = CONTEXT.divide(CONTEXT.multiply(term, square), Decimal(odd))
        total = CONTEXT.add(total, term)
    return total
