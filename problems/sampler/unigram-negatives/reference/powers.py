"""The law and known mistakes: a row of probabilities for each draw, all rows equal.

x to the power 0.75 is sqrt(x) times the root of that: square roots are rounded alike on every machine.
"""

import math


def law(counts, draws):
    return _rows(_powers(counts), draws)


def unigram(counts, draws):
    return _rows(counts, draws)


def uniform(counts, draws):
    """Any pin that was ever saved."""
    return _rows([float(count > 0) for count in counts], draws)


def square_root(counts, draws):
    return _rows([math.sqrt(count) for count in counts], draws)


def whole_weights(counts, draws):
    """The powers, cut to whole numbers."""
    return _rows([math.floor(weight) for weight in _powers(counts)], draws)


def table_of_a_hundred(counts, draws):
    """A table of about 100 places; every pin that was saved has at least one."""
    probabilities = law(counts, 1)[0]
    return _rows([max(1, math.floor(100 * p)) if p > 0 else 0 for p in probabilities], draws)


def _powers(counts):
    return [math.sqrt(count) * math.sqrt(math.sqrt(count)) for count in counts]


def _rows(weights, draws):
    total = math.fsum(weights)
    return [[weight / total for weight in weights] for _ in range(draws)]
