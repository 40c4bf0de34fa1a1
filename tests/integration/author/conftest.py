"""A grader with companions, on real slots."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from judge.app.graders import build_grader
from judge.app.slots import OpenedCompanions, open_companions, open_sandbox
from judge.config import Settings
from judge.grading.interrupts import Uninterrupted
from judge.model.plan import TestPlan
from judge.model.report import Report
from judge.model.run import Limits
from judge.ports import Interrupt, Sandbox
from judge.sandbox.cgroup import find_tree
from judge.twins import RecordingObserver
from tests.unit.grading.scripted import OnePlan, program, request

SETTINGS = Settings(salt="tests", uid_base=66_000)
LIMITS = Limits(cpu_ns=10**9, wall_ns=8 * 10**9, memory_bytes=64 << 20, output_bytes=1 << 16)


@dataclass(frozen=True, kw_only=True)
class Courtroom:
    """A sandbox for candidates, and its companions for the author's code."""

    sandbox: Sandbox
    companions: OpenedCompanions
    observer: RecordingObserver

    def grade(self, problem: TestPlan, source: str, interrupt: Interrupt | None = None) -> Report:
        """Grades a submission."""
        grader = build_grader(SETTINGS, self.sandbox, OnePlan(problem), self.observer, companions=self.companions)
        asked: Any = request(program(textwrap.dedent(source).encode()), problem.slug)
        return grader.grade(asked, lambda event: None, interrupt or Uninterrupted())

    def processes(self, role: str) -> list[int]:
        """The processes of a companion's slot."""
        return find_tree(SETTINGS.cgroup_root).slot(self.companions.sandbox(role).slot).pids()


@pytest.fixture(scope="session", params=["cold", "warm"])
def courtroom(request: pytest.FixtureRequest) -> Iterator[Courtroom]:
    """One for each path."""
    if os.geteuid() != 0:
        pytest.skip(f"real boxes need root, found user id {os.geteuid()}")
    if not (SETTINGS.runtime_root / "python3" / "runtime.json").exists():
        pytest.skip(f"the Python runtime is not built in {SETTINGS.runtime_root} (make runtime)")
    observer = RecordingObserver()
    with (
        open_sandbox(SETTINGS, observer, request.param) as sandbox,
        open_companions(SETTINGS, observer, sandbox) as companions,
    ):
        yield Courtroom(sandbox=sandbox, companions=companions, observer=observer)
