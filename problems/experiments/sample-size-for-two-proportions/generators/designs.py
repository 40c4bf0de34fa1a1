"""Designs of experiments. Drawn again until the size is not near a whole number before it is rounded up.

The quantiles are written out, so that every machine draws alike; the reference computes its own.
"""

TWO_SIDED = {
    0.2: 1.2815515655446,
    0.1: 1.6448536269514,
    0.05: 1.9599639845400,
    0.01: 2.5758293035489,
    0.001: 3.2905267314919,
    0.000001: 4.8916384756985,
}
ONE_SIDED = {
    0.5: 0.0,
    0.8: 0.8416212335729,
    0.9: 1.2815515655446,
    0.95: 1.6448536269514,
    0.99: 2.3263478740408,
    0.999: 3.0902323061678,
}


def generate(rng, alphas, powers, baseline=(50, 900), mde=(10, 400), sign=1):
    """``baseline`` and ``mde`` are ranges, in thousandths and in ten-thousandths."""
    while True:
        alpha, power = rng.choice(alphas), rng.choice(powers)
        share, effect = rng.randint(*baseline) / 1000, sign * rng.randint(*mde) / 10000
        if 0.0005 <= share + effect <= 0.9995:
            size = _size(share, share + effect, TWO_SIDED[alpha] + ONE_SIDED[power])
            if 0.06 < size % 1.0 < 0.94:
                return {"baseline": share, "mde": effect, "alpha": alpha, "power": power}


def _size(one, other, quantiles):
    spread = one * (1.0 - one) + other * (1.0 - other)
    return quantiles * quantiles * spread / ((other - one) * (other - one))
