"""t and the degrees of freedom from fractions; p by quadrature with 40 digits: the same on every machine.

The density of t is proportional to (1 + x²/v)^(-(v+1)/2), so p is the share of its integral over [0, ∞) that lies
beyond |t|. Both integrals are taken with x = |t| + exp(π/2 · sinh u), the double exponential rule for half-lines
(Takahasi and Mori 1974).
"""

from decimal import Decimal, localcontext
from fractions import Fraction

PI = Decimal("3.14159265358979323846264338327950288419716939937510")


def welch_test(control, treatment):
    (mean_a, error_a, free_a), (mean_b, error_b, free_b) = map(_moments, (control, treatment))
    error = error_a + error_b
    freedom = error**2 / (error_a**2 / free_a + error_b**2 / free_b)
    difference = mean_b - mean_a
    with localcontext(prec=50, Emin=-999_999_999, Emax=999_999_999):
        t = _decimal(difference) / _decimal(error).sqrt()
        v = _decimal(freedom)
        p = _tail(abs(t), v) / _tail(Decimal(0), v)
        return float(t), float(v), float(p)


def _moments(values):
    """Returns the mean, the squared standard error of the mean, and the degrees of freedom of one group."""
    exact = [Fraction(value) for value in values]
    mean = sum(exact) / len(exact)
    return mean, sum((x - mean) ** 2 for x in exact) / (len(exact) - 1) / len(exact), len(exact) - 1


def _decimal(fraction):
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)


def _tail(begin, v):
    """The integral of (1 + x²/v)^(-(v+1)/2) from ``begin`` on."""
    step, total = Decimal(1) / 32, Decimal(0)
    for k in range(-32 * 5, 32 * 5 + 1):
        u = k * step
        grow, shrink = u.exp(), (-u).exp()
        offset = (PI / 4 * (grow - shrink)).exp()
        weight = PI / 4 * (grow + shrink) * offset
        x = begin + offset
        total += weight * (-(v + 1) / 2 * (1 + x * x / v).ln()).exp()
    return total * step
