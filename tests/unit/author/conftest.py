"""Gradings in this process of problems with code of the author's."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from judge.grading.grader import Grader
from judge.grading.interrupts import Uninterrupted
from judge.model.plan import CheckerSpec, TestPlan
from judge.model.program import AuthorFunction, Program, SourceFile
from judge.model.report import Report
from judge.model.run import Limits
from judge.testing import InProcessCompanions, InProcessSandbox
from tests.unit.grading.scripted import NotingObserver, OnePlan, TickingClock, plan, program, request

LIMITS = Limits(cpu_ns=2 * 10**9, wall_ns=10**10, memory_bytes=1 << 28, output_bytes=10_000)


def author_function(source: str, file: str = "checkers/check.py", function: str = "check") -> AuthorFunction:
    """A function of the author's."""
    name = file.rpartition("/")[2]
    files = (SourceFile(path=name, content=textwrap.dedent(source).encode()),)
    author = Program(language="python3", files=files, entry_point=function)
    return AuthorFunction(program=author, function=function, file=file, key="checker")


def custom(source: str, file: str = "checkers/check.py", **parameters: str) -> CheckerSpec:
    """A custom checker."""
    return CheckerSpec(name="custom", parameters={"file": file, **parameters}, author=author_function(source, file))


def grade(problem: TestPlan, source: str, sandbox: Any = None, companions: Any = None) -> Report:
    """Grades a submission."""
    grader = Grader(
        sandbox or InProcessSandbox(),
        OnePlan(problem),
        TickingClock(),
        NotingObserver(),
        "salt",
        companions=companions or InProcessCompanions(),
    )
    submitted = program(textwrap.dedent(source).encode())
    return grader.grade(request(submitted, problem.slug), lambda event: None, Uninterrupted())


class Roles:
    """The port Companions."""

    def __init__(self, **sandboxes: Any) -> None:
        self._sandboxes = sandboxes

    def sandbox(self, role: str) -> Any:
        return self._sandboxes[role]


@pytest.fixture
def graded() -> Callable[..., Report]:
    """Grades by a custom checker: ``graded("def check(...): ...", "def double(n): ...")``."""

    def by(check: str, source: str, changes: Mapping[str, Any] | None = None, **parameters: str) -> Report:
        problem = plan(
            **{"limits": LIMITS, "load_limits": LIMITS, "checker": custom(check, **parameters)} | dict(changes or {})
        )
        return grade(problem, source)

    return by
