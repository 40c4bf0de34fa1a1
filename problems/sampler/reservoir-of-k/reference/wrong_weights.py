"""How often each position stays in the reservoir under known mistakes: the weights that the checker bets on."""


def place_from_too_few(stream, k):
    """The place for position t is drawn from t, not from t + 1."""
    return _kept(len(stream), k, lambda t: k / t)


def place_from_too_many(stream, k):
    return _kept(len(stream), k, lambda t: k / (t + 2))


def kept_with_one_half(stream, k):
    """Every position after the first k is kept with the same probability."""
    return _kept(len(stream), k, lambda t: 0.5)


def _kept(length, k, chance):
    """Position t >= k comes in with ``chance(t)``, at most 1, and puts out one of the k evenly."""
    weights = [1.0] * k
    for t in range(k, length):
        enters = min(1.0, chance(t))
        weights = [weight * (1.0 - enters / k) for weight in weights] + [enters]
    return weights if sum(weight > 0 for weight in weights) > k else [1.0] * length
