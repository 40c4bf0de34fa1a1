import numpy as np


def shuffled(pins, seed):
    return [pins[at] for at in np.random.default_rng(seed).permutation(len(pins))]
