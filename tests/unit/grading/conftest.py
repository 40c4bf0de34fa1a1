"""A grader over scripted twins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from judge.grading.grader import Grader
from judge.grading.interrupts import Uninterrupted
from judge.model.event import Event
from judge.model.plan import TestPlan
from judge.model.program import Program
from judge.model.report import Report
from tests.unit.grading.scripted import NotingObserver, OnePlan, ScriptedSandbox, TickingClock, plan, request


@dataclass(kw_only=True)
class Bench:
    """Grades with twins and keeps what they were told."""

    events: list[Event] = field(default_factory=list)
    observer: NotingObserver = field(default_factory=NotingObserver)
    interrupt: Any = field(default_factory=Uninterrupted)

    def grade(
        self,
        sandbox: ScriptedSandbox,
        problem: TestPlan | None = None,
        submitted: Program | None = None,
        salt: str = "s",
        thorough: bool = False,
        patience: int | None = None,
    ) -> Report:
        chosen = problem or plan()
        grader = Grader(
            sandbox, OnePlan(chosen), TickingClock(), self.observer, salt, thorough=thorough, patience=patience
        )
        return grader.grade(request(submitted, chosen.slug), self.events.append, self.interrupt)

    @property
    def kinds(self) -> list[str]:
        return [event.kind.value for event in self.events]


@pytest.fixture
def bench() -> Bench:
    """A bench of its own for each test."""
    return Bench()


@pytest.fixture
def benches() -> Callable[[], Bench]:
    """Makes benches, for tests that compare gradings."""
    return Bench
