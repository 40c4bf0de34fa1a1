"""Sizing by simulation: how often declared wrong programs are rejected, and the smallest defect that is found.

A simulation is a function of the size of a defect (or of a wrong law) and a Stream: it plays one series and returns the
call of its rejection, None when there was none. All sizes are played with the same streams, so that a larger defect is
compared with a smaller one on the same numbers.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable

from judge.checkers.sizing import Power
from judge.stats.streams import Stream

HALVINGS = 12
SERIES = 32  # for each size of a defect

Simulation = Callable[[float, Stream], int | None]


def power(name: str, play: Callable[[Stream], int | None], secret: bytes, simulations: int) -> Power:
    """Returns how often ``play`` was rejected in ``simulations`` series."""
    needed = [play(Stream(secret, f"power|{name}|{number}")) for number in range(simulations)]
    rejected = [calls for calls in needed if calls is not None]
    return Power(
        alternative=name,
        rejected=len(rejected),
        simulations=simulations,
        median_calls=int(statistics.median(rejected)) if rejected else None,
    )


def smallest_defect(play: Simulation, secret: bytes, top: float) -> float:
    """Returns the smallest defect in (0, ``top``] that is rejected in half of SERIES series, within ``top`` / 4096.

    Infinite when not even ``top`` is. Found by halving: a larger defect is taken to be rejected at least as often.
    """
    if not _rejected_in_half(play, secret, top):
        return math.inf
    low, high = 0.0, top
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if _rejected_in_half(play, secret, middle) else (middle, high)
    return high


def _rejected_in_half(play: Simulation, secret: bytes, defect: float) -> bool:
    found = 0
    for number in range(SERIES):
        found += play(defect, Stream(secret, f"defect|{number}")) is not None
        if found >= SERIES // 2:
            return True
        if number - found >= SERIES // 2:
            return False
    return False
