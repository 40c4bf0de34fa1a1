"""Laws of the mistakes that are made most."""

from law import walk


def damping_for_restart(links, start, restart, steps):
    return walk(links, start, 1.0 - restart, steps)


def links_once(links, start, restart, steps):
    return walk([sorted(set(pins)) for pins in links], start, restart, steps)


def dead_ends_stay(links, start, restart, steps):
    return walk([pins or [at] for at, pins in enumerate(links)], start, restart, steps)
