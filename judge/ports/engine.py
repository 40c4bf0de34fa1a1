"""Where gradings run, and by which plans."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from judge.model.event import Event
from judge.model.plan import TestPlan
from judge.model.program import Program
from judge.model.report import Report


@dataclass(frozen=True, kw_only=True, slots=True)
class GradingRequest:
    """One submission to be graded."""

    submission_id: str
    problem: str  # slug
    program: Program
    deadline_unix_ns: int | None = None
    events: bool = True  # whether anybody wants to hear of what happens before the report


class Engine(Protocol):
    """Where gradings run."""

    async def grade(self, request: GradingRequest, on_event: Callable[[Event], None]) -> Report:
        """Grades; cancelling the task kills the run. Raises SubmissionError, Overloaded or InfrastructureError."""
        ...


class PlanSource(Protocol):
    """Gives compiled plans."""

    def plan(self, slug: str) -> TestPlan:
        """The plan of a problem. Raises UnknownProblem or SpecError."""
        ...
