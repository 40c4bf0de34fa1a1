"""The probabilities that a walk ends at each pin, by a linear system."""

import numpy as np


def end_shares(links, start, stop, walks):
    n = len(links)
    ending = np.array([stop if pins else 1.0 for pins in links])
    steps = np.zeros((n, n))
    for row, pins in zip(steps, links, strict=True):
        for pin in pins:
            row[pin] += (1.0 - stop) / len(pins)
    visits = np.linalg.solve(np.eye(n) - steps.T, np.eye(n)[start])  # expected, of each pin
    return np.clip(visits * ending, 0.0, 1.0).tolist()
