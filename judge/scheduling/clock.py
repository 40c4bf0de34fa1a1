"""The time of this machine."""

from __future__ import annotations

import time


class SystemClock:
    """The port ``Clock`` over the system's clocks."""

    def unix_ns(self) -> int:
        """Nanoseconds since the Unix epoch."""
        return time.time_ns()

    def monotonic_ns(self) -> int:
        """Nanoseconds on a clock that never steps."""
        return time.monotonic_ns()
