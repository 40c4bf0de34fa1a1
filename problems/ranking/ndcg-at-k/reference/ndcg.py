"""NDCG at k, with 25 decimal digits, rounded once: the same on every machine.

The base of the logarithm is the same above and below and cancels.
"""

from decimal import Context, Decimal

CONTEXT = Context(prec=25)


def ndcg_at_k(relevances, scores, k):
    shown = sorted(range(len(scores)), key=lambda at: (-scores[at], at))
    depth = min(k, len(scores))
    discounts = [CONTEXT.divide(Decimal(1), CONTEXT.ln(Decimal(place + 1))) for place in range(1, depth + 1)]
    gain = _dcg([relevances[at] for at in shown[:depth]], discounts)
    ideal = _dcg(sorted(relevances, reverse=True)[:depth], discounts)
    return float(CONTEXT.divide(gain, ideal)) if ideal else 0.0


def _dcg(relevances, discounts):
    total = Decimal(0)
    for relevance, discount in zip(relevances, discounts, strict=True):
        total = CONTEXT.add(total, CONTEXT.multiply(Decimal(2**relevance - 1), discount))
    return total
