"""All walks make their next step together."""

import numpy as np


def end_shares(links, start, stop, walks, seed):
    rng, ends = np.random.default_rng(seed), np.zeros(len(links))
    counts = np.array([len(pins) for pins in links])
    table = np.array([pins + [0] * (max(counts.max(), 1) - len(pins)) for pins in links])
    pins = np.full(walks, start)
    while len(pins):
        over = (rng.random(len(pins)) < stop) | (counts[pins] == 0)
        ends += np.bincount(pins[over], minlength=len(links))
        pins = pins[~over]
        pins = table[pins, (rng.random(len(pins)) * counts[pins]).astype(int)]
    return (ends / walks).tolist()
