"""Verdicts that a time limit nearly decided otherwise: such a test is run again, once, while no other slot runs.

CPU time is not quite the program's own: neighbours share caches and memory with it. A run that ended within a few
percent of the limit, on either side, might have ended on the other one, and so might one that was stopped at the
limit; the second run, made alone, decides, and the report holds both measurements. A run that slept until the guard on
wall time is not close to anything.
"""

from __future__ import annotations

from judge.model.report import CaseReport, Measurement
from judge.model.run import Killer, Limits, RunOutcome
from judge.model.verdict import Verdict

_IDLE_FRACTION = 10
_TIMED = (Verdict.ACCEPTED, Verdict.TIME_LIMIT_EXCEEDED)


def is_close(outcome: RunOutcome, limits: Limits, percent: int) -> bool:
    """Whether the facts of a run are within ``percent`` of a time limit; with 0 none is."""
    if percent == 0:
        return False
    if outcome.killer is Killer.WALL:
        return outcome.cpu_ns * _IDLE_FRACTION >= outcome.wall_ns
    return 100 * abs(outcome.cpu_ns - limits.cpu_ns) <= percent * limits.cpu_ns


def can_change(report: CaseReport) -> bool:
    """Whether another measurement can change the verdict: a wrong answer is wrong at any speed."""
    return report.verdict in _TIMED


def measurement_of(report: CaseReport) -> Measurement:
    """Returns what is kept of a run that is made again."""
    return Measurement(verdict=report.verdict, reason=report.reason, cpu_ns=report.cpu_ns, wall_ns=report.wall_ns)
