"""How fast a batch is: from the times of its latest results."""

from __future__ import annotations

from collections import deque

from judge.units import NANOSECONDS

RECENT = 64


class Rate:
    """Results per second, over the latest ones."""

    def __init__(self) -> None:
        self._times: deque[int] = deque(maxlen=RECENT)  # monotonic, in nanoseconds

    def add(self, now_ns: int) -> None:
        """Counts a result."""
        self._times.append(now_ns)

    def per_second(self, now_ns: int) -> float | None:
        """The rate; it falls while nothing comes. None before two results."""
        if len(self._times) < 2 or now_ns <= self._times[0]:
            return None
        return (len(self._times) - 1) * NANOSECONDS / (now_ns - self._times[0])
