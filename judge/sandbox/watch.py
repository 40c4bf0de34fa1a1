"""What a supervisor is given to watch a run with, and what it saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from judge.model.run import Killer, Limits

COMPUTING = 10  # a run that uses at least a tenth of the time computes

Turn = bool | dict[str, Any]  # after a frame: whether it was the last, or what is to be sent back


class Conversation(Protocol):
    """One question and its answer: what may be asked, and which frames may come back in which order."""

    def take(self, frame: dict[str, Any]) -> Turn:
        """Takes one frame. Raises WireError when it does not belong, Stopped when the run must not go on."""
        ...


class Stopped(Exception):
    """The run is to be killed for what it asked."""

    def __init__(self, killer: Killer, message: str) -> None:
        self.killer = killer
        super().__init__(message)


@dataclass(slots=True)
class Watch:
    """What was seen of one run."""

    killer: Killer | None = None
    protocol_error: str | None = None
    oracle_stop: str | None = None
    exit_code: int | None = None  # of the process that loaded the submission, once init told
    signal: int | None = None
    gone: bool = False  # the box has ended
    renewable: bool = False  # its process has ended, and its init waits to start another one
    cpu_ns: int = 0
    wall_ns: int = 0
    memory_peak_bytes: int = 0
    oom_kills: int = 0


def guard_ns(limits: Limits, used_ns: int, waited_ns: int = 0) -> int:
    """Returns how long a run that has used so much CPU time, and waited so long for a core, may take, by the clock.

    The guard is there for runs that do not compute. One that computes for at least a tenth of the time is left to the
    limit on CPU time, which it will reach, and time in which it could run and had no core is not its own: a busy
    machine must not decide a verdict. A guard that is stated below the limit on CPU time is meant as it stands.
    """
    if limits.wall_ns < limits.cpu_ns:
        return limits.wall_ns
    return max(limits.wall_ns, COMPUTING * used_ns) + waited_ns
