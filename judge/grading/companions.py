"""Companions for callers that have none."""

from __future__ import annotations

from judge.errors import InfrastructureError
from judge.ports import Sandbox


class NoCompanions:
    """The port ``Companions`` of a grader that grades no problem with author's code at grading time."""

    def sandbox(self, role: str) -> Sandbox:
        """Raises InfrastructureError."""
        raise InfrastructureError(f"this grader has no sandbox for the author's {role}")


NO_COMPANIONS = NoCompanions()
