"""Where the facts about a package are made: sandboxes, one or more at a time.

A job is a function of this package's and a plain value, so that it can run in another process; it is given ``Tools``,
what that process has. ``judge.app`` opens processes with a slot of their own each; ``OneWorker`` runs everything in the
caller's, one job after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from judge.grading.grader import Grader
from judge.model.plan import TestPlan
from judge.model.problem import Problem
from judge.model.toolchain import DEFAULT_RUNTIME
from judge.ports import Companions, PlanSource, Sandbox


@dataclass(frozen=True, kw_only=True, slots=True)
class Tools:
    """What a job may use."""

    sandbox: Sandbox
    companions: Companions
    plan_of: Callable[[Problem], TestPlan]  # compiled once for each state of a package
    grader_of: Callable[[PlanSource, int | None], Grader]  # a thorough one; with its ``patience``


type Job[T, R] = Callable[[Tools, T], R]


class Workers(Protocol):
    """Runs jobs."""

    def describe_toolchain(self, language: str, runtime: str = DEFAULT_RUNTIME) -> str:
        """As of a Sandbox."""
        ...

    def plan_of(self, problem: Problem) -> TestPlan:
        """The plan. Raises SpecError."""
        ...

    def run[T, R](self, job: Job[T, R], items: Sequence[T]) -> Iterator[tuple[int, R]]:
        """Yields the position of each item with what ``job`` gives for it, in the order in which they end.

        Raises SpecError and InfrastructureError of a job's.
        """
        ...


class OneWorker:
    """Runs jobs here."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def describe_toolchain(self, language: str, runtime: str = DEFAULT_RUNTIME) -> str:
        """As of a Sandbox."""
        return self._tools.sandbox.describe_toolchain(language, runtime)

    def plan_of(self, problem: Problem) -> TestPlan:
        """The plan. Raises SpecError."""
        return self._tools.plan_of(problem)

    def run[T, R](self, job: Job[T, R], items: Sequence[T]) -> Iterator[tuple[int, R]]:
        """Yields the position of each item with what ``job`` gives for it, in the items' order."""
        for position, item in enumerate(items):
            yield position, job(self._tools, item)
