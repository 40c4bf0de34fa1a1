"""A grader that does what the submitted source says, without any sandbox."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from judge import logs
from judge.engine import worker
from judge.errors import EnvironmentFault, InfrastructureError, SlotFault, SpecError, SubmissionError
from judge.model.digest import digest_of
from judge.model.event import Event, EventKind
from judge.model.report import Report
from judge.model.verdict import Reason, Verdict
from judge.ports import GradingRequest, Interrupt, Observer
from judge.twins import report_of

OnEvent = Callable[[Event], None]
_SOCKETS = """
import os, stat
def is_socket(fd):
    try:
        return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:
        return False
print([fd for fd in range(3, 256) if is_socket(fd)])
"""
_SIGNALS = "import signal; print(repr(signal.getsignal(signal.SIGTERM)))"


class Grader:
    """Obeys the source: a word, and for some an argument after a colon."""

    def __init__(self, slot: int, observer: Observer, alone: worker.Alone) -> None:
        self._alone = alone
        self._slot = slot
        self._observer = observer

    def grade(self, request: GradingRequest, on_event: OnEvent, interrupt: Interrupt) -> Report:
        word, _, argument = request.program.main.content.decode().partition(":")
        on_event(Event(kind=EventKind.COMPILING, unix_ns=time.time_ns()))
        report = replace(report_of(request), slot=self._slot, message=str(os.getpid()))
        report = getattr(self, f"do_{word}")(report, argument, interrupt) or report
        on_event(Event(kind=EventKind.FINISHED, unix_ns=time.time_ns(), report=report))
        return report

    def do_accept(self, report: Report, _argument: str, _interrupt: Interrupt) -> None:
        pass

    def do_verdict_in(self, report: Report, argument: str, _interrupt: Interrupt) -> Report:
        """Gives the verdict that a file holds; another one has another digest, as that of another plan has."""
        verdict = Verdict(Path(argument.partition("#")[0]).read_text())
        score = report.score if verdict is Verdict.ACCEPTED else report.score * 0
        digest = digest_of([report.grading_digest, verdict])
        return replace(report, verdict=verdict, score=score, grading_digest=digest)

    def do_wait(self, report: Report, _argument: str, interrupt: Interrupt) -> Report:
        """Waits for the cancellation or the deadline, and looks whether all of the interrupt agrees."""
        end = interrupt.deadline_ns
        timeout = None if end is None else max(0.0, (end - time.monotonic_ns()) / 1e9)
        before = interrupt.cancelled()
        readable = bool(select.select([interrupt.fileno()], [], [], timeout)[0])
        if readable != interrupt.cancelled() or (before and not readable):
            raise RuntimeError("the interrupt contradicts itself")
        reason = Reason.CLIENT_CANCELLED if readable else Reason.DEADLINE
        return replace(report, verdict=Verdict.CANCELLED, reason=reason)

    def do_alone(self, report: Report, _argument: str, interrupt: Interrupt) -> Report:
        """Needs that no other slot runs; says whether it was cancelled meanwhile."""
        with self._alone():
            return replace(report, verdict=Verdict.CANCELLED) if interrupt.cancelled() else report

    def do_alone_and_wait(self, report: Report, argument: str, interrupt: Interrupt) -> Report:
        with self._alone():
            Path(argument).write_bytes(b"alone")
            return self.do_wait(report, argument, interrupt)

    def do_ignore(self, report: Report, _argument: str, _interrupt: Interrupt) -> None:
        """Never ends."""
        while True:
            signal.pause()

    def do_die(self, report: Report, _argument: str, _interrupt: Interrupt) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def do_die_once(self, report: Report, argument: str, _interrupt: Interrupt) -> None:
        if not Path(argument).exists():
            Path(argument).touch()
            os.kill(os.getpid(), signal.SIGKILL)

    def do_fault_once(self, report: Report, argument: str, _interrupt: Interrupt) -> None:
        if not Path(argument).exists():
            Path(argument).touch()
            raise SlotFault("the slot is in doubt")

    def do_fault(self, report: Report, _argument: str, _interrupt: Interrupt) -> None:
        raise SlotFault("the slot is in doubt")

    def do_bug(self, report: Report, _argument: str, _interrupt: Interrupt) -> None:
        raise ZeroDivisionError("a bug")

    def do_unspeakable(self, report: Report, _argument: str, _interrupt: Interrupt) -> Report:
        return replace(report, cases=(replace(report.cases[0], evidence={"o": object()}),))

    def do_submission(self, report: Report, _argument: str, _interrupt: Interrupt) -> None:
        raise SubmissionError("program.language", "expected python3, found cobol")

    def do_spec(self, report: Report, _argument: str, _interrupt: Interrupt) -> None:
        raise SpecError("the answer is missing", file="data/1.yaml", line=3)

    def do_environment(self, report: Report, _argument: str, _interrupt: Interrupt) -> None:
        raise EnvironmentFault("no cgroup: mount one")

    def do_babble(self, report: Report, _argument: str, interrupt: Interrupt) -> None:
        os.write(interrupt.fileno(), b"\x00\x00\x00\x01\xc1")

    def do_strange(self, report: Report, _argument: str, _interrupt: Interrupt) -> Report:
        return replace(report, message="a\ud800b", cases=(replace(report.cases[0], evidence={"n": 1 << 80}),))

    def do_observe(self, report: Report, _argument: str, _interrupt: Interrupt) -> None:
        self._observer.count("judge_grades_total", {"verdict": Verdict.ACCEPTED, "language": "python3"})
        self._observer.count("judge_grades_total", {"language": "python3", "verdict": Verdict.ACCEPTED})
        self._observer.observe("judge_stage_seconds", {"stage": "compile"}, 0.25)
        self._observer.set("judge_batch_items", {"state": "running"}, 7)

    def do_signals(self, report: Report, _argument: str, _interrupt: Interrupt) -> Report:
        """Gets the signals that are meant for the service; says what a child inherits of them."""
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)
        output = subprocess.run([sys.executable, "-IS", "-c", _SIGNALS], capture_output=True, text=True, check=False)
        return replace(report, message=output.stdout.strip() or output.stderr)

    def do_descriptors(self, report: Report, _argument: str, _interrupt: Interrupt) -> Report:
        """Says which sockets a child inherits when nobody closes them."""
        output = subprocess.run(
            [sys.executable, "-IS", "-c", _SOCKETS], capture_output=True, text=True, check=False, close_fds=False
        )
        return replace(report, message=output.stdout.strip() or output.stderr)

    def do_standard_streams(self, report: Report, _argument: str, _interrupt: Interrupt) -> Report:
        same = os.fstat(1) == os.fstat(2) or os.readlink("/proc/self/fd/1") == os.readlink("/proc/self/fd/2")
        return replace(report, message=f"{os.readlink('/proc/self/fd/0')} {same}")


def serve(mode: str, slot: int, fd: int) -> None:
    def make(observer: Observer, alone: worker.Alone) -> Grader:
        if mode == "broken" or (mode.startswith("until:") and not Path(mode.removeprefix("until:")).exists()):
            raise InfrastructureError("no cgroup: mount one")
        observer.set("judge_batch_items", {"state": "waiting"}, slot)
        return Grader(slot, observer, alone)

    logs.configure("json", "info")
    worker.serve(fd, make)
