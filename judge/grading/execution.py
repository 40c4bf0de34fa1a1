"""Running a submission's tests: which box is opened when, and which calls are made in it.

Tests that are calls share boxes: each box is opened once, and all tests that need it are served in it, in an order of
the grading's own. Tests that are whole programs have a box each and go in the plan's order, for nothing is shared that
an order could tell. A complexity gate comes last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from judge.grading import close_calls
from judge.grading.case_facts import BoxSpent
from judge.grading.case_run import CaseRun
from judge.grading.classify import Failure, classify
from judge.grading.functions import function_of
from judge.grading.gate import FamilyRun
from judge.grading.job import Job
from judge.grading.progress import Progress
from judge.grading.secret import running_order
from judge.grading.submitted import Answers
from judge.grading.telling import Telling
from judge.model.event import EventKind
from judge.model.plan import TestCase
from judge.model.program import ANSWER
from judge.model.report import CaseReport
from judge.model.run import Isolation, RunOutcome
from judge.ports import Box, BoxSpec


class Execution:
    """The runs of one grading; used once."""

    def __init__(self, job: Job, progress: Progress, telling: Telling, start: Callable[[TestCase], CaseRun]) -> None:
        self._job = job
        self._plan = job.plan
        self._progress = progress
        self._telling = telling
        self._start = start
        self._close: int | None = None  # the test that must be run again now

    def run(self) -> None:
        """Runs everything, until the verdict is known."""
        if self._plan.kind == ANSWER:
            self._judge_answers()
        elif self._plan.isolation is Isolation.PROCESS:
            self._run_programs()
        else:
            self._run_tests(running_order(self._job.secret, self._plan.cases))
        self._run_gate()

    def _run_tests(self, waiting: list[int]) -> None:
        """Runs the tests at these positions."""
        runs: dict[int, CaseRun] = {}
        while waiting and not self._progress.over:
            box_number = min(_next_box(runs.get(position)) for position in waiting)
            with self._open(box_number, waiting[0], runs.get(waiting[0])) as box, self._telling.phase("test"):
                waiting = self._serve(box, box_number, waiting, runs)
            if self._close is not None:
                self._run_again(self._close)

    def _run_programs(self) -> None:
        for position in range(len(self._plan.cases)):
            if self._progress.wants(position):
                self._run_tests([position])
        self._progress.close_groups()

    def _judge_answers(self) -> None:
        """Nothing is run: what was submitted for each test is judged, in the plan's order."""
        progress, answers = self._progress, Answers(self._plan, self._job.request.program)
        progress.failure = answers.failure
        for position, case in enumerate(self._plan.cases):
            if progress.over or not progress.wants(position):
                continue
            run, box = self._begin(position, {}), answers.box(case)
            with self._telling.phase("test"):
                if box is not None:
                    run.step(box)
            self._finish(position, answers.missing(case) if box is None else run.report())
        progress.close_groups()

    def _run_again(self, position: int) -> None:
        """Runs a test whose verdict a time limit nearly decided otherwise, alone and in a box of its own."""
        self._close = None
        with self._job.alone():
            self._run_tests([position])

    def _run_gate(self) -> None:
        """Measures how the CPU time grows, family by family, when all tests are passed."""
        gate, progress = self._plan.complexity, self._progress
        for position, family in enumerate(self._plan.gate_families, len(self._plan.cases)):
            if gate is None or not progress.accepted_so_far:
                return
            self._telling.event(EventKind.TEST_STARTED, position=position)
            run = FamilyRun(self._plan, gate, family, self._start)
            while not run.over and progress.failure is None:
                with self._open(0, position) as box, self._telling.phase("complexity"):
                    if progress.failure is None:
                        run.climb(box)
            if progress.failure is None:
                report = run.report()
                progress.gate_cpu_ns += run.cpu_ns - report.cpu_ns
                self._finish(position, report)

    # --- a box ---

    @contextmanager
    def _open(self, box_number: int, position: int, run: CaseRun | None = None) -> Iterator[Box]:
        """A box with the submission loaded; when that fails the failure is noted and no test runs in it.

        ``position`` is that of the test whose input a program is given, and ``run`` its run, once it has begun.
        """
        program = self._job.request.program
        entry_point, signature = function_of(self._plan, program, box_number)
        spec = BoxSpec(
            program=program.with_files(self._plan.included.get(program.language, ())),
            entry_point=entry_point,
            isolation=self._plan.isolation,
            load_limits=self._plan.load_limits,
            memory_bytes=self._plan.limits.memory_bytes,
            runtime=self._plan.runtime,
            hash_seed=0 if self._plan.isolation is Isolation.PROCESS or self._plan.examiner else box_number,
            **self._input(position, run),
            signature=signature,
            interrupt=self._job.interrupt,
        )
        begin = self._job.clock.monotonic_ns()
        with self._job.sandbox.open(spec) as box:
            self._telling.opened(begin)
            with self._telling.phase("compile"):
                self._load(box)
            yield box

    def _input(self, position: int, run: CaseRun | None) -> dict[str, Any]:
        """What a box is given of a program's input; nothing when the input is a call's arguments."""
        if self._plan.isolation is not Isolation.PROCESS:
            return {}
        arguments = self._plan.arguments_of(self._plan.cases[position])
        if self._plan.interactive:
            return {"live_stdin": True, "files": arguments["files"]}
        later = None if run is None else run.stdin()
        return {"stdin": arguments["stdin"] if later is None else later, "files": arguments["files"]}

    def _load(self, box: Box) -> None:
        outcome = box.load()
        progress = self._progress
        progress.load_cpu_ns += outcome.cpu_ns
        progress.failure = classify(outcome, self._plan.load_limits)
        if progress.failure is not None:
            progress.compile_output = _explain(outcome, progress.failure)
            return
        if not (progress.compiled and self._plan.isolation is Isolation.PROCESS):
            self._telling.event(EventKind.COMPILED)
        progress.compiled = True

    # --- the tests in it ---

    def _serve(self, box: Box, number: int, waiting: list[int], runs: dict[int, CaseRun]) -> list[int]:
        """Makes the calls that belong in this box; returns the positions of the tests that are not finished."""
        if self._progress.failure is not None:
            return []
        unfinished: list[int] = []
        for index, position in enumerate(waiting):
            run = runs.get(position) or self._begin(position, runs)
            try:
                while run.next_box() == number:
                    run.step(box)
            except BoxSpent:
                return [*unfinished, *waiting[index:]]
            if run.next_box() is not None:
                unfinished.append(position)
                continue
            if self._is_close(position, run):
                return [*unfinished, *waiting[index + 1 :]]
            self._finish(position, run.report())
            if self._progress.over:
                return []
            if self._job.thorough and not box.alive:
                return [*unfinished, *waiting[index + 1 :]]
        return unfinished

    def _begin(self, position: int, runs: dict[int, CaseRun]) -> CaseRun:
        if position not in self._progress.earlier:
            self._telling.event(EventKind.TEST_STARTED, position=position)
        runs[position] = self._start(self._plan.cases[position])
        return runs[position]

    def _is_close(self, position: int, run: CaseRun) -> bool:
        """Whether the test must be run again; its measurement is then noted."""
        progress = self._progress
        if position in progress.earlier or not run.is_close(self._job.close_percent):
            return False
        report = run.report()
        if not close_calls.can_change(report):
            return False
        progress.earlier[position], self._close = close_calls.measurement_of(report), position
        return True

    def _finish(self, position: int, report: CaseReport) -> None:
        report = self._progress.finish(position, report)
        self._telling.overshoot(report, self._plan.limits)
        self._telling.event(EventKind.TEST_FINISHED, position=position, case=report)


def _next_box(run: CaseRun | None) -> int:
    """The box of a run's next call; the first for one that has not begun."""
    return 0 if run is None else run.next_box() or 0


def _explain(outcome: RunOutcome, failure: Failure) -> str:
    """Returns what a compiler would print: the frames of the candidate's own code, then the message."""
    lines = []
    for frame in outcome.raised.frames if outcome.raised else ():
        lines.append(f'File "{frame.file}", line {frame.line}, in {frame.function}')
        if frame.source:
            lines.append(f"    {frame.source}")
    printed = outcome.stderr.data.decode("utf-8", "replace")
    return "\n".join([*lines, failure.message]) + (f"\n{printed}" if printed else "")
