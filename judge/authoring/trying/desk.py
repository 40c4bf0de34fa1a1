"""The package that is tried: as it is on disk now, and programs run on it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from judge.authoring.trials import PATIENCE, OnePlan
from judge.authoring.watching import Look, look
from judge.authoring.workers import Tools, Workers
from judge.errors import SpecError, SubmissionError
from judge.grading.interrupts import Uninterrupted
from judge.model.digest import digest_of
from judge.model.plan import TestPlan
from judge.model.problem import Problem
from judge.model.program import ANSWER, Program, SourceFile
from judge.model.report import Report
from judge.ports import GradingRequest
from judge.spec.loader import load_problem

_NAME = "your program"


class Busy(Exception):
    """A program runs already."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a worker is asked for."""

    problem: Problem
    program: Program
    samples_only: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """A program that was run."""

    problem: Problem
    plan: TestPlan  # of the tests that it was run on
    report: Report


class Desk:
    """One package, asked from several threads."""

    def __init__(self, root: Path, workers: Workers, file_of: Callable[[str], str]) -> None:
        """``file_of`` names a program's file, by language."""
        self.root = root
        self._workers = workers
        self._file_of = file_of
        self._running = threading.Lock()
        self._loading = threading.Lock()
        self._seen: Look = ()
        self._loaded: Problem | SpecError | None = None

    @property
    def version(self) -> str:
        """Names the state of the package's files: another one after each change."""
        return digest_of([list(entry) for entry in look([self.root])])

    def problem(self) -> Problem:
        """The package as it is now. Raises SpecError."""
        with self._loading:
            now = look([self.root])
            if self._loaded is None or now != self._seen:
                self._seen, self._loaded = now, self._load()
            if isinstance(self._loaded, SpecError):
                raise self._loaded
            return self._loaded

    def run(self, language: str, source: str, *, samples_only: bool) -> Attempt:
        """Runs a program on the samples, or on all tests, as it would be graded.

        Raises Busy while another one runs, SubmissionError, SpecError and InfrastructureError.
        """
        if not self._running.acquire(blocking=False):
            raise Busy
        try:
            problem = self.problem()
            program = self._program(problem, language, source)
            plan = self._workers.plan_of(problem)
            asked = Asked(problem=problem, program=program, samples_only=samples_only)
            ((_, report),) = self._workers.run(attempt, [asked])
            return Attempt(problem=problem, plan=_narrowed(plan) if samples_only else plan, report=report)
        finally:
            self._running.release()

    def _load(self) -> Problem | SpecError:
        try:
            return load_problem(self.root)
        except SpecError as error:
            return error

    def _program(self, problem: Problem, language: str, source: str) -> Program:
        known = [name for name in problem.languages if name != ANSWER]
        if language not in known:
            raise SubmissionError("language", f"expected one of {', '.join(known)}, found {language!r}")
        file = SourceFile(path=self._file_of(language), content=source.encode("utf-8", "surrogatepass"))
        return Program(language=language, files=(file,))


def attempt(tools: Tools, asked: Asked) -> Report:
    """A worker's job: grades a program on every test."""
    plan = tools.plan_of(asked.problem)
    grader = tools.grader_of(OnePlan(_narrowed(plan) if asked.samples_only else plan), PATIENCE)
    request = GradingRequest(submission_id=_NAME, problem=plan.slug, program=asked.program)
    return grader.grade(request, lambda event: None, Uninterrupted())


def _narrowed(plan: TestPlan) -> TestPlan:
    """The plan with its samples alone, all of which must be accepted."""
    return replace(plan, cases=tuple(case for case in plan.cases if case.sample), complexity=None, groups=())
