"""Workers that wait for their turn: each job, and each compilation, begins when whoever owns the machine lets it.

Between two jobs nothing is held, so whoever waits meanwhile goes first. Jobs are done one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

from judge.authoring.workers import Job, Workers
from judge.model.plan import TestPlan
from judge.model.problem import Problem
from judge.model.toolchain import DEFAULT_RUNTIME

Turn = Callable[[], AbstractContextManager[None]]


class TurnTaking:
    """The port Workers over another one; ``turn`` is entered for each job and left after it."""

    def __init__(self, workers: Workers, turn: Turn) -> None:
        self._workers = workers
        self._turn = turn

    def describe_toolchain(self, language: str, runtime: str = DEFAULT_RUNTIME) -> str:
        """As of a Sandbox; needs no turn."""
        return self._workers.describe_toolchain(language, runtime)

    def plan_of(self, problem: Problem) -> TestPlan:
        """The plan. Raises SpecError."""
        with self._turn():
            return self._workers.plan_of(problem)

    def run[T, R](self, job: Job[T, R], items: Sequence[T]) -> Iterator[tuple[int, R]]:
        """Yields the position of each item with what ``job`` gives for it, in the items' order."""
        for position, item in enumerate(items):
            with self._turn():
                ((_, result),) = self._workers.run(job, [item])
            yield position, result
