"""A package on disk, and workers that run everything in this process, without isolation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from judge.authoring.workers import Job, OneWorker, Tools
from judge.grading.grader import Grader
from judge.model.plan import TestPlan
from judge.model.problem import Problem
from judge.ports import PlanSource, Sandbox
from judge.scheduling.clock import SystemClock
from judge.spec.compiler import compile_plan
from judge.testing import InProcessSandbox
from judge.twins import RecordingObserver


class TwinCompanions:
    """The port Companions: another sandbox of this process."""

    def sandbox(self, role: str) -> Sandbox:
        return InProcessSandbox()


class Workshop(OneWorker):
    """One worker over the in-process twin, which counts its jobs."""

    def __init__(self, sandbox: Sandbox | None = None) -> None:
        chosen = sandbox or InProcessSandbox()
        plans: dict[str, TestPlan] = {}

        def plan_of(problem: Problem) -> TestPlan:
            if problem.source_digest not in plans:
                plans[problem.source_digest] = compile_plan(problem, chosen, companions=TwinCompanions())
            return plans[problem.source_digest]

        def grader_of(source: PlanSource, patience: int | None) -> Grader:
            options: dict[str, Any] = {"companions": TwinCompanions(), "thorough": True, "patience": patience}
            return Grader(chosen, source, SystemClock(), RecordingObserver(), "tests", **options)

        super().__init__(Tools(sandbox=chosen, companions=TwinCompanions(), plan_of=plan_of, grader_of=grader_of))
        self.jobs = 0

    def run[T, R](self, job: Job[T, R], items: Sequence[T]) -> Iterator[tuple[int, R]]:
        self.jobs += len(items)
        return super().run(job, items)
