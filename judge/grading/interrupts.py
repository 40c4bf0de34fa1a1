"""Interrupts for callers that have none."""

from __future__ import annotations


class Uninterrupted:
    """The port ``Interrupt`` of a grading that nobody cancels."""

    deadline_ns: int | None = None

    def fileno(self) -> int:
        """No descriptor."""
        return -1

    def cancelled(self) -> bool:
        """Never."""
        return False
