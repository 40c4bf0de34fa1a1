"""Each pin in turn is put at a random place of those before it, whose pin goes to the end."""

import numpy as np


def shuffled(pins, seed):
    rng = np.random.default_rng(seed)
    order = []
    for count, pin in enumerate(pins):
        place = rng.integers(0, count + 1)
        order.append(pin)
        order[place], order[count] = order[count], order[place]
    return order
