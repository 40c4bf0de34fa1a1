"""Who is told of a grading while it runs: the one who asked, by events, and the operator, by metrics.

Each stretch of time ("compile", "test") is a phase of the report and a value of ``judge_stage_seconds``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from judge.grading.job import Job
from judge.model.event import Event, EventKind
from judge.model.report import CaseReport, Phase, Report
from judge.model.run import Isolation, Killer, Limits
from judge.model.verdict import Reason
from judge.units import NANOSECONDS


class Telling:
    """Tells of one grading."""

    def __init__(self, job: Job, phases: list[Phase]) -> None:
        self._job = job
        self._phases = phases

    def event(
        self, kind: EventKind, position: int = -1, case: CaseReport | None = None, report: Report | None = None
    ) -> None:
        """Tells the one who asked."""
        reported = self._job.plan.reported
        self._job.on_event(
            Event(
                kind=kind,
                unix_ns=self._job.clock.unix_ns(),
                case_name=reported[position][0] if position >= 0 else "",
                case_index=position,
                case_count=len(reported),
                case=case,
                report=report,
            )
        )

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Notes what happens in the context as a phase of that name."""
        clock = self._job.clock
        start, begin = clock.unix_ns(), clock.monotonic_ns()
        try:
            yield
        finally:
            end = start + clock.monotonic_ns() - begin
            self._note(Phase(name=name, start_unix_ns=start, end_unix_ns=end))
            self._job.observer.observe("judge_stage_seconds", {"stage": name}, self._since(begin))

    def _note(self, phase: Phase) -> None:
        """Adds a phase; with a box for each test, those of one name are told as one, from the first to the last."""
        if self._job.plan.isolation is Isolation.PROCESS:
            for at, known in enumerate(self._phases):
                if known.name == phase.name:
                    self._phases[at] = replace(known, end_unix_ns=phase.end_unix_ns)
                    return
        self._phases.append(phase)

    def opened(self, begin_ns: int) -> None:
        """Notes what it took to open a box, since then on the monotonic clock."""
        labels = {"path": self._job.sandbox.path}
        self._job.observer.observe("judge_sandbox_overhead_seconds", labels, self._since(begin_ns))

    def _since(self, begin_ns: int) -> float:
        return (self._job.clock.monotonic_ns() - begin_ns) / NANOSECONDS

    def overshoot(self, report: CaseReport, limits: Limits) -> None:
        """Notes how far beyond its limit a run was stopped, when it was."""
        if report.reason is Reason.CPU_TIME:
            kind, over = Killer.CPU, report.cpu_ns - limits.cpu_ns
        elif report.reason in (Reason.WALL_TIME, Reason.IDLE):
            kind, over = Killer.WALL, report.wall_ns - limits.wall_ns
        else:
            return
        if over > 0:
            self._job.observer.observe("judge_kill_overshoot_seconds", {"kind": kind}, over / NANOSECONDS)

    def count(self, report: Report, run: Iterable[CaseReport]) -> None:
        """Counts a grading and the tests that were run."""
        observer = self._job.observer
        observer.count("judge_grades_total", {"verdict": report.verdict, "language": report.language})
        for verdict, count in Counter(case.verdict for case in run).items():
            observer.count("judge_tests_total", {"verdict": verdict}, count)
