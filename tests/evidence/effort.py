"""How many series are simulated: a quarter of what stands in a file, or all with ``EVIDENCE=full`` in the environment.

The limits are those of the number that is simulated, so a test that passes says the same in fewer words: the chance of
rejecting what is right stays below ``DOUBT``, and only larger deviations are seen. ``make test-evidence`` runs all.
"""

from __future__ import annotations

import os

FULL = os.environ.get("EVIDENCE") == "full"


def simulated(count: int) -> int:
    """Returns how many of ``count`` series are simulated."""
    return count if FULL else -(-count // 4)
