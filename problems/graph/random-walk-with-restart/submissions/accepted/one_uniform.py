"""One uniform number for a step: below the restart it goes back, above it names the link."""

import numpy as np


def walk(links, start, restart, steps, seed):
    pins = [start]
    for uniform in np.random.default_rng(seed).random(steps):
        following = links[pins[-1]]
        at = int((uniform - restart) / (1 - restart) * len(following))
        pins.append(start if uniform < restart or not following else following[min(at, len(following) - 1)])
    return pins
