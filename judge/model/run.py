"""What was run and the facts of how it ended. Facts only: the judgement is made in ``judge.grading.classify``."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The limits of one run."""

    cpu_ns: int  # CPU time of all its processes together
    wall_ns: int  # a guard: monotonic clock from the request to the answer
    memory_bytes: int  # above the idle interpreter
    output_bytes: int  # standard output and standard error together
    answer_bytes: int = 16 * 1024 * 1024  # the encoded answer
    processes: int = 32  # processes and threads at one time


class Isolation(enum.StrEnum):
    """What the calls of one submission share."""

    SUBMISSION = "submission"  # one process for all calls
    TEST = "test"  # the submission is loaded once, each call runs in a fresh fork of that process
    PROCESS = "process"  # nothing: a call is a run of the program from its beginning, the only one in its box


class Stage(enum.StrEnum):
    """Which part of a submission's life a run was."""

    COMPILE = "compile"  # source to code
    LOAD = "load"  # the module's own statements
    CALL = "call"  # one call of the entry point, or one run of the program


class Killer(enum.StrEnum):
    """Why the supervisor killed a run. None stands for a run that ended by itself."""

    CPU = "cpu"
    WALL = "wall"
    OUTPUT = "output"
    ANSWER = "answer"
    PROTOCOL = "protocol"
    MEMORY = "memory"  # the kernel killed one of its processes for memory, and the rest was killed by us
    BUDGET = "budget"  # it asked an oracle once more than it may
    FAULT = "fault"  # an oracle could not be answered: the author's fault
    PARTNER = "partner"  # its conversation was over: the program that it spoke with had decided it, or failed
    CANCELLED = "cancelled"
    DEADLINE = "deadline"


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """One frame of the candidate's own code in a traceback."""

    file: str
    line: int
    function: str
    source: str  # the text of the line, stripped; empty when unknown


@dataclass(frozen=True, kw_only=True, slots=True)
class Raised:
    """An exception that left the candidate's code, as the candidate's process told it (a claim, not a fact)."""

    type_name: str
    message: str
    frames: tuple[Frame, ...] = ()
    bases: tuple[str, ...] = ()  # the built-in classes that its type is, itself first if it is one


@dataclass(frozen=True, kw_only=True, slots=True)
class Captured:
    """What was printed on one stream: the first bytes, and how many there were."""

    data: bytes = b""
    total_bytes: int = 0

    @property
    def truncated(self) -> bool:
        """Whether bytes were dropped."""
        return self.total_bytes > len(self.data)


@dataclass(frozen=True, kw_only=True, slots=True)
class Audit:
    """What a call did besides answering, as its process told it."""

    input_mutated: bool = False
    global_random_changed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OracleRecord:
    """What the judge's side of a test's oracles saw: facts, for the candidate never touches them."""

    calls: Mapping[str, int]  # by the oracle's parameter name: how often it was asked
    result: Any = None  # what the author's environment says at the end: the regret, say; a plain value


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialogue:
    """What was seen of the partner of a run, a program in another box, each reading what the other writes.

    Neither is told of the end of the other, by the end of its input, before the judge knows how that one ended: so a
    run that ended first did not end because of the other's end.
    """

    partner: RunOutcome
    partner_first: bool  # the partner ended while the run went on
    unread_bytes: int = 0  # of what the partner wrote, when the first of both ended: not read by the run
    partner_unread_bytes: int = 0  # of what the run wrote: not read by the partner
    transcript: str = ""  # how it began: "> " before a line that the run wrote, "< " before one that it was given


@dataclass(frozen=True, kw_only=True, slots=True)
class RunOutcome:
    """The facts of one run. Times and memory come from the kernel's counters and our clock."""

    stage: Stage
    loaded: bool = False  # the entry point is there and can be called
    answer: bytes | None = None  # the encoded answer, if exactly one came; of a program that exited with status 0,
    # what it wrote on standard output, encoded
    raised: Raised | None = None  # the exception that ended it
    exit_code: int | None = None  # of the process that ran it, when it ended by exiting without an answer
    signal: int | None = None  # that ended that process
    killer: Killer | None = None  # why we killed it
    protocol_error: str | None = None  # what was wrong with the bytes on the answer channel
    unencodable: str | None = None  # why the returned value has no encoding
    oracle_stop: str | None = None  # why it was killed by an oracle: which one, how often it was asked, what failed
    too_large: str | None = None  # which limit on the returned value it exceeds
    entry_point_missing: str | None = None  # why the module has no such function, when loading
    oom_kills: int = 0  # processes that the kernel killed for memory during the run
    cpu_ns: int = 0
    wall_ns: int = 0
    memory_peak_bytes: int = 0  # above the idle interpreter
    stdout: Captured = field(default_factory=Captured)
    stderr: Captured = field(default_factory=Captured)
    audit: Audit | None = None  # when the call asked for one
    files: Mapping[str, bytes | None] = field(
        default_factory=dict
    )  # that were collected after the run; None: too large
    dialogue: Dialogue | None = None  # when the run spoke with a partner


@dataclass(frozen=True, kw_only=True, slots=True)
class BurstOutcome:
    """The facts of the first calls of a burst: all but the last have an answer."""

    others: Sequence[tuple[bytes, Audit | None]] = ()  # the encoded answers before the last call's, with their audits
    cpu_ns: int = 0  # of each of the others
    wall_ns: int = 0
    last: RunOutcome  # with what is left of the times, and everything that was printed

    def each(self) -> list[RunOutcome]:
        """What each call came to."""
        peak = self.last.memory_peak_bytes
        others = [
            RunOutcome(
                stage=Stage.CALL,
                answer=answer,
                audit=audit,
                cpu_ns=self.cpu_ns,
                wall_ns=self.wall_ns,
                memory_peak_bytes=peak,
            )
            for answer, audit in self.others
        ]
        return [*others, self.last]
