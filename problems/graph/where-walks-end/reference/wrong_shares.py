"""The expectations of mistakes that are made often."""

import numpy as np
from exact_shares import end_shares


def one_step_first(links, start, stop, walks):
    if not links[start]:
        return end_shares(links, start, stop, walks)
    return np.mean([end_shares(links, pin, stop, walks) for pin in links[start]], axis=0).tolist()


def dead_ends_dropped(links, start, stop, walks):
    shares = np.array(end_shares(links, start, stop, walks)) * [1.0 if pins else stop for pins in links]
    return (shares / shares.sum()).tolist()
