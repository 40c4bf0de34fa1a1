"""One submission, from source to report.

``grade`` reads as the life of a grading: plan, size, run, report. A fault of ours (SlotFault) repeats the whole
grading once, in a slot that has been rebuilt; a second one is raised. A verdict never depends on it.
"""

from __future__ import annotations

from contextlib import nullcontext

from judge.checkers import build
from judge.checkers.contract import Checker, SeriesChecker
from judge.errors import SlotFault, SubmissionError
from judge.grading import case_run
from judge.grading.authors import AuthorCode
from judge.grading.classify import Failure
from judge.grading.companions import NO_COMPANIONS
from judge.grading.execution import Execution
from judge.grading.job import Alone, Job, OnEvent
from judge.grading.progress import Progress
from judge.grading.telling import Telling
from judge.model.event import EventKind
from judge.model.plan import TestPlan
from judge.model.program import Program
from judge.model.report import Report, skipped_case
from judge.model.verdict import Reason, Verdict
from judge.ports import Clock, Companions, GradingRequest, Interrupt, Observer, PlanSource, Sandbox
from judge.units import format_bytes

MAX_PLACES = 2048  # files and directories of a program: half of what a box's file system has room for


class Grader:
    """Grades one submission at a time, in the slot of its sandbox."""

    def __init__(
        self,
        sandbox: Sandbox,
        plans: PlanSource,
        clock: Clock,
        observer: Observer,
        salt: str,
        *,
        close_percent: int = 0,
        alone: Alone = nullcontext,
        companions: Companions = NO_COMPANIONS,
        thorough: bool = False,
        patience: int | None = None,
    ) -> None:
        """With ``thorough`` every test is run, also after one that decided the verdict; with ``patience`` until so many
        were ended by a limit of time.
        """
        self.sandbox = sandbox
        self._plans = plans
        self._clock = clock
        self._observer = observer
        self._salt = salt
        self._close_percent = close_percent
        self._alone = alone
        self._companions = companions
        self._thorough = thorough
        self._patience = patience

    def grade(self, request: GradingRequest, on_event: OnEvent, interrupt: Interrupt) -> Report:
        """Returns the report. Raises SubmissionError, SpecError or InfrastructureError when there can be none."""
        job = self._job(request, on_event, interrupt)
        for last_try in (False, True):
            try:
                return _grade(job)
            except SlotFault:
                if last_try:
                    raise
        raise AssertionError("unreachable")

    def _job(self, request: GradingRequest, on_event: OnEvent, interrupt: Interrupt) -> Job:
        plan = self._plans.plan(request.problem)
        if request.program.language not in plan.languages:
            expected, found = ", ".join(plan.languages), request.program.language
            raise SubmissionError("program.language", f"problem {plan.slug!r} takes {expected}, found {found!r}")
        return Job(
            plan=plan,
            request=request,
            toolchain=self.sandbox.describe_toolchain(request.program.language, plan.runtime),
            sandbox=self.sandbox,
            companions=self._companions,
            clock=self._clock,
            observer=self._observer,
            on_event=on_event,
            interrupt=interrupt,
            alone=self._alone,
            salt=self._salt,
            close_percent=self._close_percent,
            thorough=self._thorough,
            patience=self._patience,
        )


def _grade(job: Job) -> Report:
    progress = Progress(job.plan, thorough=job.thorough, patience=job.patience)
    telling = Telling(job, progress.phases)
    telling.event(EventKind.COMPILING)
    progress.failure = _too_large(job.request.program, job.plan.code_bytes)
    if progress.failure is None:
        with AuthorCode(job.plan, job.companions, job.interrupt) as authors:
            checker = authors.behind(checker_of(job.plan))
            Execution(job, progress, telling, case_run.starter(job.plan, checker, job.secret, authors)).run()
    report = report_of(job, progress)
    telling.count(report, progress.cases.values())
    telling.event(EventKind.FINISHED, report=report)
    return report


def report_of(job: Job, progress: Progress) -> Report:
    """Returns what the grading came to."""
    cases = tuple(
        progress.cases.get(position) or skipped_case(name, sample)
        for position, (name, sample) in enumerate(job.plan.reported)
    )
    verdict, reason, message = progress.verdict()
    return Report(
        submission_id=job.request.submission_id,
        problem=job.plan.slug,
        language=job.request.program.language,
        verdict=verdict,
        reason=reason,
        message=message,
        score=progress.score,
        cases=cases,
        compile_output=progress.compile_output,
        cpu_ns=max((case.cpu_ns for case in cases), default=0),
        total_cpu_ns=progress.load_cpu_ns
        + progress.gate_cpu_ns
        + sum(case.cpu_ns for case in cases)
        + sum(run.cpu_ns for run in progress.earlier.values()),
        memory_peak_bytes=max((case.memory_peak_bytes for case in cases), default=0),
        plan_digest=job.plan.digest,
        program_digest=job.request.program.digest,
        grading_digest=job.digest,
        toolchain=job.toolchain,
        path=job.sandbox.path,
        slot=job.sandbox.slot,
        phases=tuple(progress.phases),
    )


def checker_of(plan: TestPlan) -> Checker:
    """The plan's checker; a stated error rate is that of the whole submission, shared out among its tests."""
    checker = build(plan.checker.name, plan.checker.parameters)
    return checker.for_cases(len(plan.cases)) if isinstance(checker, SeriesChecker) else checker


def _too_large(program: Program, limit: int) -> Failure | None:
    """Why a box would have no room for the program; None when it has."""
    if program.size_bytes > limit:
        found, most = format_bytes(program.size_bytes), format_bytes(limit)
    elif program.places > MAX_PLACES:
        found, most = f"{program.places} files and directories", str(MAX_PLACES)
    else:
        return None
    message = f"the source has {found}; at most {most} are taken"
    return Failure(verdict=Verdict.COMPILE_ERROR, reason=Reason.SOURCE_SIZE, message=message)
