"""The statistic as a fraction; its upper tail with 60 digits: the same on every machine.

Q(a, x) with a = df/2 begins at Q(1, x) = exp(-x) or Q(1/2, x) = erfc(√x), and grows by
Q(a + 1, x) = Q(a, x) + x^a exp(-x) / Γ(a + 1) (DLMF 8.8.6).
"""

from decimal import Decimal, localcontext
from fractions import Fraction

PI = Decimal("3.1415926535897932384626433832795028841971693993751058209749445923")


def sample_ratio_mismatch(counts, weights):
    people, total = sum(counts), sum(weights)
    expected = [Fraction(people * weight, total) for weight in weights]
    statistic = sum((count - share) ** 2 / share for count, share in zip(counts, expected, strict=True))
    with localcontext(prec=60, Emin=-999_999_999, Emax=999_999_999):
        x = Decimal(statistic.numerator) / Decimal(statistic.denominator) / 2
        return float(_upper(x, len(counts) - 1))


def _upper(x, freedom):
    a, tail = (Decimal(1), (-x).exp()) if freedom % 2 == 0 else (Decimal("0.5"), _erfc(x.sqrt()))
    term = x * (-x).exp() if freedom % 2 == 0 else 2 * (x / PI).sqrt() * (-x).exp()  # x^a exp(-x) / Γ(a + 1)
    while 2 * a < freedom:
        tail += term
        a += 1
        term *= x / a
    return tail


def _erfc(z):
    """The trapezoidal rule for 2/π ∫ exp(-z² (1 + s²)) / (1 + s²) ds over s ≥ 0, with s = sinh u."""
    if z == 0:
        return Decimal(1)
    step, total, k = Decimal(1) / 64, Decimal(0), 0
    while True:
        grow = (k * step).exp()
        square = ((grow + 1 / grow) / 2) ** 2  # 1 + s²
        term = (-z * z * square).exp() / square.sqrt()
        total += term / 2 if k == 0 else term
        if k and term < total * Decimal("1e-45"):
            return total * step * 2 / PI
        k += 1
