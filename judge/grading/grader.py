"""One submission, from source to report.

``grade`` reads as the life of a grading: plan, size, load, tests, report. A fault of ours (SlotFault) repeats the whole
grading once, in a slot that has been rebuilt; a second one is raised. A verdict never depends on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from judge import ENGINE_REVISION
from judge.checkers import build
from judge.checkers.contract import Checker, SeriesChecker
from judge.errors import SlotFault, SubmissionError
from judge.grading import case_run, close_calls
from judge.grading.authors import AuthorCode
from judge.grading.case_run import CaseRun
from judge.grading.classify import Failure, classify
from judge.grading.companions import NO_COMPANIONS
from judge.grading.gate import FamilyRun
from judge.grading.scoring import Scoreboard
from judge.grading.secret import grading_secret, running_order
from judge.model.digest import digest_of
from judge.model.event import Event, EventKind
from judge.model.plan import TestPlan
from judge.model.report import CaseReport, Measurement, Phase, Report, skipped_case
from judge.model.run import Isolation, Killer, RunOutcome
from judge.model.verdict import Reason, Verdict
from judge.ports import Box, BoxSpec, Clock, Companions, GradingRequest, Interrupt, Observer, PlanSource, Sandbox
from judge.units import NANOSECONDS, format_bytes

_ENDING = (Verdict.CANCELLED, Verdict.JUDGE_ERROR)  # no test is run after one of them

OnEvent = Callable[[Event], None]
Alone = Callable[[], AbstractContextManager[object]]  # while its context lasts, no other slot runs


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
    ) -> None:
        self.sandbox = sandbox
        self._close_percent = close_percent
        self._alone = alone
        self._companions = companions
        self._plans = plans
        self._clock = clock
        self._observer = observer
        self._salt = salt

    def grade(self, request: GradingRequest, on_event: OnEvent, interrupt: Interrupt) -> Report:
        """Returns the report. Raises SubmissionError, SpecError or InfrastructureError when there can be none."""
        plan = self._plans.plan(request.problem)
        if request.program.language not in plan.languages:
            expected, found = ", ".join(plan.languages), request.program.language
            raise SubmissionError("program.language", f"problem {plan.slug!r} takes {expected}, found {found!r}")
        for last_try in (False, True):
            grading = _Grading(
                self.sandbox,
                plan,
                request,
                self._clock,
                self._observer,
                self._salt,
                on_event,
                interrupt,
                self._close_percent,
                self._alone,
                self._companions,
            )
            try:
                return grading.run()
            except SlotFault:
                if last_try:
                    raise
        raise AssertionError("unreachable")


@dataclass(slots=True)
class _Progress:
    """What is known of a grading so far."""

    cases: dict[int, CaseReport] = field(default_factory=dict)  # by position in the plan
    failure: Failure | None = None  # of compiling and loading
    failed_case: int | None = None  # the test that decided
    compiled: bool = False  # a box was opened and the program compiled
    compile_output: str = ""
    load_cpu_ns: int = 0
    gate_cpu_ns: int = 0  # of the complexity gate's calls that are not in its reports
    phases: list[Phase] = field(default_factory=list)
    earlier: dict[int, Measurement] = field(default_factory=dict)  # of tests that were run again, by position
    close: int | None = None  # the test that must be run again now


class _Grading:
    """One grading; used once."""

    def __init__(
        self,
        sandbox: Sandbox,
        plan: TestPlan,
        request: GradingRequest,
        clock: Clock,
        observer: Observer,
        salt: str,
        on_event: OnEvent,
        interrupt: Interrupt,
        close_percent: int,
        alone: Alone,
        companions: Companions,
    ) -> None:
        self._sandbox = sandbox
        self._authors = AuthorCode(plan, companions, interrupt)
        self._plan = plan
        self._request = request
        self._clock = clock
        self._observer = observer
        self._on_event = on_event
        self._interrupt = interrupt
        self._close_percent = close_percent
        self._alone = alone
        self._entry_point = request.program.entry_point or plan.entry_point
        self._secret = grading_secret(salt, plan, request.program)
        self._toolchain = sandbox.describe_toolchain(request.program.language, plan.runtime)
        self._digest = digest_of(
            [plan.digest, request.program.digest, self._toolchain, ENGINE_REVISION, salt, close_percent]
        )
        checker = self._authors.behind(checker_of(plan))
        self._start = case_run.starter(plan, checker, self._secret, self._authors)
        self._progress = _Progress()
        self._board = Scoreboard(plan) if plan.groups else None

    def run(self) -> Report:
        self._tell(EventKind.COMPILING)
        size = self._request.program.size_bytes
        if size > self._plan.code_bytes:
            self._progress.failure = _too_large(size, self._plan.code_bytes)
        else:
            with self._authors:
                if self._plan.isolation is Isolation.PROCESS:
                    self._run_programs()
                else:
                    self._run_tests(running_order(self._secret, self._plan.cases))
                self._run_gate()
        report = self._report()
        self._count(report)
        self._tell(EventKind.FINISHED, report=report)
        return report

    # --- running ---

    def _run_tests(self, waiting: list[int]) -> None:
        """Runs the tests at these positions: each box is opened once, and all tests that need it are served in it."""
        runs: dict[int, CaseRun] = {}
        while waiting and self._progress.failure is None and self._progress.failed_case is None:
            box_number = min(_next_box(runs.get(position)) for position in waiting)
            with self._open(box_number, waiting[0]) as box, self._phase("test"):
                waiting = self._serve(box, box_number, waiting, runs)
            if self._progress.close is not None:
                self._run_again(self._progress.close)

    def _run_programs(self) -> None:
        """Runs the tests in the plan's order, each in a box of its own: nothing is shared that an order could tell."""
        for position, case in enumerate(self._plan.cases):
            if self._board is None or self._board.wanted(case.name):
                self._run_tests([position])
        progress = self._progress
        if self._board is None or progress.failure is not None or progress.failed_case is not None:
            return
        if not self._board.accepted():
            rejected = (at for at, case in progress.cases.items() if case.verdict is not Verdict.ACCEPTED)
            progress.failed_case = min(rejected)

    def _run_again(self, position: int) -> None:
        """Runs a test whose verdict a time limit nearly decided otherwise, alone and in a box of its own."""
        self._progress.close = None
        with self._alone():
            self._run_tests([position])

    def _run_gate(self) -> None:
        """Measures how the CPU time grows, family by family, when all tests are passed."""
        gate, progress = self._plan.complexity, self._progress
        for position, family in enumerate(self._plan.gate_families, len(self._plan.cases)):
            if gate is None or progress.failure is not None or progress.failed_case is not None:
                return
            self._tell(EventKind.TEST_STARTED, position=position)
            run = FamilyRun(self._plan, gate, family, self._start)
            while not run.over and progress.failure is None:
                with self._open(0, position) as box, self._phase("complexity"):
                    if progress.failure is None:
                        run.climb(box)
            if progress.failure is None:
                report = run.report()
                progress.gate_cpu_ns += run.cpu_ns - report.cpu_ns
                self._finish(position, report)

    @contextmanager
    def _open(self, box_number: int, position: int) -> Iterator[Box]:
        """A box with the submission loaded; when that fails the failure is noted and no test runs in it.

        ``position`` is that of the test whose input a program is given.
        """
        spec = BoxSpec(
            program=self._request.program,
            entry_point=self._entry_point,
            isolation=self._plan.isolation,
            load_limits=self._plan.load_limits,
            runtime=self._plan.runtime,
            hash_seed=box_number,
            **self._input(position),
            signature=self._plan.signature,
            interrupt=self._interrupt,
        )
        begin = self._clock.monotonic_ns()
        with self._sandbox.open(spec) as box:
            labels = {"path": self._sandbox.path}
            self._observer.observe("judge_sandbox_overhead_seconds", labels, self._since(begin))
            with self._phase("compile"):
                self._load(box)
            yield box

    def _input(self, position: int) -> dict[str, Any]:
        """What a box is given of a program's input; nothing when the input is a call's arguments."""
        if self._plan.isolation is not Isolation.PROCESS:
            return {}
        arguments = self._plan.arguments_of(self._plan.cases[position])
        return {"stdin": arguments["stdin"], "files": arguments["files"]}

    def _load(self, box: Box) -> None:
        outcome = box.load()
        progress = self._progress
        progress.load_cpu_ns += outcome.cpu_ns
        progress.failure = classify(outcome, self._plan.load_limits)
        if progress.failure is None:
            if not (progress.compiled and self._plan.isolation is Isolation.PROCESS):
                self._tell(EventKind.COMPILED)
            progress.compiled = True
        else:
            progress.compile_output = _explain(outcome, progress.failure)

    def _serve(self, box: Box, number: int, waiting: list[int], runs: dict[int, CaseRun]) -> list[int]:
        """Makes the calls that belong in this box; returns the positions of the tests that are not finished."""
        if self._progress.failure is not None:
            return []
        unfinished = []
        for index, position in enumerate(waiting):
            run = runs.get(position) or self._begin(position, runs)
            while run.next_box() == number:
                run.step(box)
            if run.next_box() is not None:
                unfinished.append(position)
                continue
            if self._is_close(position, run):
                return [*unfinished, *waiting[index + 1 :]]
            self._finish(position, run.report())
            if self._progress.failed_case is not None:
                return []
        return unfinished

    def _is_close(self, position: int, run: CaseRun) -> bool:
        """Whether the test must be run again; its measurement is then noted."""
        progress = self._progress
        if position in progress.earlier or not run.is_close(self._close_percent):
            return False
        report = run.report()
        if not close_calls.can_change(report):
            return False
        progress.earlier[position], progress.close = close_calls.measurement_of(report), position
        return True

    def _begin(self, position: int, runs: dict[int, CaseRun]) -> CaseRun:
        case = self._plan.cases[position]
        if position not in self._progress.earlier:
            self._tell(EventKind.TEST_STARTED, position=position)
        runs[position] = self._start(case)
        return runs[position]

    def _finish(self, position: int, report: CaseReport) -> None:
        if position in self._progress.earlier:
            report = replace(report, earlier=(self._progress.earlier[position],))
        self._progress.cases[position] = report
        if self._board is not None:
            self._board.note(report.name, report.verdict is Verdict.ACCEPTED)
        if report.verdict is not Verdict.ACCEPTED and (self._board is None or report.verdict in _ENDING):
            self._progress.failed_case = position
        self._overshoot(report)
        self._tell(EventKind.TEST_FINISHED, position=position, case=report)

    # --- telling ---

    def _tell(
        self, kind: EventKind, position: int = -1, case: CaseReport | None = None, report: Report | None = None
    ) -> None:
        self._on_event(
            Event(
                kind=kind,
                unix_ns=self._clock.unix_ns(),
                case_name=self._plan.reported[position][0] if position >= 0 else "",
                case_index=position,
                case_count=len(self._plan.reported),
                case=case,
                report=report,
            )
        )

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        start, begin = self._clock.unix_ns(), self._clock.monotonic_ns()
        try:
            yield
        finally:
            end = start + self._clock.monotonic_ns() - begin
            self._note_phase(Phase(name=name, start_unix_ns=start, end_unix_ns=end))
            self._observer.observe("judge_stage_seconds", {"stage": name}, self._since(begin))

    def _note_phase(self, phase: Phase) -> None:
        """Adds a phase; with a box for each test, those of one name are told as one, from the first to the last."""
        phases = self._progress.phases
        if self._plan.isolation is Isolation.PROCESS:
            for at, known in enumerate(phases):
                if known.name == phase.name:
                    phases[at] = replace(known, end_unix_ns=phase.end_unix_ns)
                    return
        phases.append(phase)

    def _since(self, begin: int) -> float:
        return (self._clock.monotonic_ns() - begin) / NANOSECONDS

    def _overshoot(self, report: CaseReport) -> None:
        limits = self._plan.limits
        if report.reason is Reason.CPU_TIME and report.cpu_ns > limits.cpu_ns:
            seconds = (report.cpu_ns - limits.cpu_ns) / NANOSECONDS
            self._observer.observe("judge_kill_overshoot_seconds", {"kind": Killer.CPU}, seconds)
        elif report.reason in (Reason.WALL_TIME, Reason.IDLE) and report.wall_ns > limits.wall_ns:
            seconds = (report.wall_ns - limits.wall_ns) / NANOSECONDS
            self._observer.observe("judge_kill_overshoot_seconds", {"kind": Killer.WALL}, seconds)

    def _count(self, report: Report) -> None:
        labels = {"verdict": report.verdict, "language": report.language}
        self._observer.count("judge_grades_total", labels)
        for verdict, count in Counter(case.verdict for case in self._progress.cases.values()).items():
            self._observer.count("judge_tests_total", {"verdict": verdict}, count)

    # --- the report ---

    def _report(self) -> Report:
        progress, plan, program = self._progress, self._plan, self._request.program
        cases = tuple(
            progress.cases.get(position) or skipped_case(name, sample)
            for position, (name, sample) in enumerate(plan.reported)
        )
        verdict, reason, message = self._verdict()
        return Report(
            submission_id=self._request.submission_id,
            problem=plan.slug,
            language=program.language,
            verdict=verdict,
            reason=reason,
            message=message,
            score=self._score(verdict),
            cases=cases,
            compile_output=progress.compile_output,
            cpu_ns=max((case.cpu_ns for case in cases), default=0),
            total_cpu_ns=progress.load_cpu_ns
            + progress.gate_cpu_ns
            + sum(case.cpu_ns for case in cases)
            + sum(run.cpu_ns for run in progress.earlier.values()),
            memory_peak_bytes=max((case.memory_peak_bytes for case in cases), default=0),
            plan_digest=plan.digest,
            program_digest=program.digest,
            grading_digest=self._digest,
            toolchain=self._toolchain,
            path=self._sandbox.path,
            slot=self._sandbox.slot,
            phases=tuple(progress.phases),
        )

    def _score(self, verdict: Verdict) -> Fraction:
        """All or nothing; with groups their share of the points, unless the program did not run or we failed."""
        if self._board is None or self._progress.failure is not None or verdict in _ENDING:
            return Fraction(int(verdict is Verdict.ACCEPTED))
        return self._board.share()

    def _verdict(self) -> tuple[Verdict, Reason | None, str]:
        progress = self._progress
        if progress.failure is not None:
            return progress.failure.verdict, progress.failure.reason, progress.failure.message
        if progress.failed_case is not None:
            case = progress.cases[progress.failed_case]
            points = "" if self._board is None else f"{self._board.message()}; "
            return case.verdict, case.reason, f"{points}{case.name}: {case.message}"
        if self._board is not None:
            return Verdict.ACCEPTED, None, self._board.message()
        return Verdict.ACCEPTED, None, f"all {len(self._plan.reported)} tests passed"


def _next_box(run: CaseRun | None) -> int:
    """The box of a run's next call: the first for one that has not begun."""
    return 0 if run is None else run.next_box() or 0


def checker_of(plan: TestPlan) -> Checker:
    """The plan's checker; a stated error rate is that of the whole submission, shared out among its tests."""
    checker = build(plan.checker.name, plan.checker.parameters)
    return checker.for_cases(len(plan.cases)) if isinstance(checker, SeriesChecker) else checker


def _too_large(size: int, limit: int) -> Failure:
    message = f"the source has {format_bytes(size)}; at most {format_bytes(limit)} are taken"
    return Failure(verdict=Verdict.COMPILE_ERROR, reason=Reason.SOURCE_SIZE, message=message)


def _explain(outcome: RunOutcome, failure: Failure) -> str:
    """Returns what a compiler would print: the frames of the candidate's own code, then the message."""
    lines = []
    for frame in outcome.raised.frames if outcome.raised else ():
        lines.append(f'File "{frame.file}", line {frame.line}, in {frame.function}')
        if frame.source:
            lines.append(f"    {frame.source}")
    printed = outcome.stderr.data.decode("utf-8", "replace")
    return "\n".join([*lines, failure.message]) + (f"\n{printed}" if printed else "")
