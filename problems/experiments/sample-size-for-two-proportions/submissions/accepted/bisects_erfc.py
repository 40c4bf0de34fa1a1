"""The quantiles by bisection on the tail, which keeps its digits where 1 - tail has lost them."""

import math


def upper_quantile(tail):
    low, high = -10.0, 10.0
    for _ in range(100):
        middle = (low + high) / 2
        if math.erfc(middle / math.sqrt(2)) / 2 > tail:
            low = middle
        else:
            high = middle
    return low


def sample_size(baseline, mde, alpha, power):
    z = upper_quantile(alpha / 2) + upper_quantile(1 - power)
    other = baseline + mde
    spread = math.hypot(math.sqrt(baseline * (1 - baseline)), math.sqrt(other * (1 - other)))
    return math.ceil((z * spread / mde) ** 2)
