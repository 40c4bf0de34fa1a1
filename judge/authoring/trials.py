"""Every submission of a package on every test: the matrix that rules and reports read.

Each submission is graded once by the real grader, which here does not stop at the first test that fails; the report's
verdict is the one that an ordinary grading gives. A submission that was ended by a limit of time on several tests is
not run on the others, which are then SKIPPED. The complexity gate is measured after all tests, if all are passed.
Trials run in the workers' sandboxes, as many at a time as there are, and are kept on disk: one is run again only when
the plan, the program, its toolchain or the engine has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from judge.authoring.expectations import broken_expectations
from judge.authoring.facts import FactStore
from judge.authoring.workers import Tools, Workers
from judge.grading.interrupts import Uninterrupted
from judge.model.plan import TestPlan
from judge.model.problem import ExampleSubmission, Problem
from judge.model.report import CaseReport, Report
from judge.model.verdict import Reason, Verdict
from judge.ports import GradingRequest

PATIENCE = 3  # tests that a limit of time ended, after which a submission's other tests are not run


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One submission on every test."""

    path: str  # of the submission, in the package: "submissions/wrong_answer/largest_l.py"
    declared: Verdict | None  # what the judge must say; None: one of several things
    declared_reason: Reason | None  # None: any reason
    report: Report  # of the ordinary grading, but with the tests after the first failed one
    broken: tuple[str, ...] = ()  # what is not as the package demands, in words
    must_fail: bool  # whether it must not be accepted

    @property
    def as_declared(self) -> bool:
        """Whether the judge said what it must."""
        return not self.broken and self.declared_reason in (None, self.report.reason)

    @cached_property
    def cases(self) -> dict[str, CaseReport]:
        """What happened on each test, by name; the complexity gate's families are among them."""
        return {case.name: case for case in self.report.cases}

    @cached_property
    def failed(self) -> tuple[str, ...]:
        """The tests that it did not pass, in the plan's order; none when it did not even load."""
        passed = (Verdict.ACCEPTED, Verdict.SKIPPED)
        return tuple(case.name for case in self.report.cases if case.verdict not in passed)


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """All submissions on all tests."""

    plan_digest: str
    tests: tuple[str, ...]  # the plan's, in its order, then the gate's families
    trials: tuple[Trial, ...]  # in the package's order

    @cached_property
    def by_path(self) -> dict[str, Trial]:
        """The trials, by the submission's path."""
        return {trial.path: trial for trial in self.trials}

    def declared(self, *verdicts: Verdict) -> list[Trial]:
        """The trials of the submissions that must get one of these verdicts."""
        return [trial for trial in self.trials if trial.declared in verdicts]

    @property
    def accepted(self) -> list[Trial]:
        """The trials of the submissions that must be accepted."""
        return self.declared(Verdict.ACCEPTED)

    @property
    def wrong(self) -> list[Trial]:
        """The trials of the submissions that must not be accepted."""
        return [trial for trial in self.trials if trial.must_fail]

    @cached_property
    def killers(self) -> dict[str, tuple[str, ...]]:
        """For each test, the submissions that must not be accepted and did not pass it, by path."""
        return {test: tuple(trial.path for trial in self.wrong if test in trial.failed) for test in self.tests}


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far it has come."""

    what: str  # the submission that was tried last
    done: int
    total: int


Tell = Callable[[Progress], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialJob:
    """What a worker is asked for."""

    problem: Problem
    example: ExampleSubmission
    patience: int | None = PATIENCE


def run_trials(
    problem: Problem,
    plan: TestPlan,
    workers: Workers,
    facts: FactStore,
    tell: Tell = lambda progress: None,
    *,
    only: Iterable[str] | None = None,
) -> Matrix:
    """Returns the matrix of a package; ``tell`` hears of each submission that has been tried.

    ``only`` are the paths of the submissions to try, all by default. Raises SpecError and InfrastructureError.
    """
    chosen = None if only is None else set(only)
    examples = [example for example in problem.examples if chosen is None or example.path in chosen]
    reports = dict(_known(plan, examples, workers, facts))
    waiting = sorted((example for example in examples if example.path not in reports), key=_is_quick)
    jobs = [TrialJob(problem=problem, example=example) for example in waiting]
    for done, (position, report) in enumerate(workers.run(try_one, jobs), len(reports) + 1):
        example = waiting[position]
        reports[example.path] = report
        if report.verdict not in (Verdict.JUDGE_ERROR, Verdict.CANCELLED):
            facts.put(_key(plan, example, workers, facts), report)
        tell(Progress(what=example.path, done=done, total=len(examples)))
    trials = tuple(_trial(example, reports[example.path], plan) for example in examples)
    return Matrix(plan_digest=plan.digest, tests=tuple(name for name, _ in plan.reported), trials=trials)


def try_one(tools: Tools, job: TrialJob) -> Report:
    """A worker's job: grades one submission on every test."""
    plan = tools.plan_of(job.problem)
    grader = tools.grader_of(OnePlan(plan), job.patience)
    request = GradingRequest(submission_id=job.example.path, problem=plan.slug, program=job.example.program)
    return grader.grade(request, lambda event: None, Uninterrupted())


@dataclass(frozen=True, slots=True)
class OnePlan:
    """A PlanSource of one plan."""

    only: TestPlan

    def plan(self, slug: str) -> TestPlan:
        """The plan, whatever ``slug`` says."""
        return self.only


def _known(
    plan: TestPlan, examples: list[ExampleSubmission], workers: Workers, facts: FactStore
) -> Iterable[tuple[str, Report]]:
    """Yields the path and the report of each submission that has been tried before, as it is now."""
    for example in examples:
        report = facts.get(_key(plan, example, workers, facts), Report)
        if report is not None:
            yield example.path, report


def _key(plan: TestPlan, example: ExampleSubmission, workers: Workers, facts: FactStore) -> str:
    toolchain = workers.describe_toolchain(example.program.language, plan.runtime)
    return facts.key("trial", plan.digest, example.program.digest, toolchain, PATIENCE)


def _is_quick(example: ExampleSubmission) -> bool:
    """Those that run into a limit begin first, so that no worker has only them left."""
    return example.verdict is not Verdict.TIME_LIMIT_EXCEEDED


def _trial(example: ExampleSubmission, report: Report, plan: TestPlan) -> Trial:
    allowed = example.verdicts or (() if example.verdict is None else (example.verdict,))
    return Trial(
        path=example.path,
        declared=example.verdict,
        declared_reason=example.reason,
        report=report,
        broken=tuple(broken_expectations(example, report, plan)),
        must_fail=bool(allowed) and Verdict.ACCEPTED not in allowed,
    )
