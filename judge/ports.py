"""The Protocols that the core needs; adapters live elsewhere, in-memory twins in ``judge.testing``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from judge.model.event import Event
from judge.model.plan import TestPlan
from judge.model.program import Program
from judge.model.report import Report
from judge.model.run import Isolation, Killer, Limits, RunOutcome
from judge.model.toolchain import DEFAULT_RUNTIME


class Interrupt(Protocol):
    """Says when a grading must stop before its end."""

    def fileno(self) -> int:
        """A descriptor that becomes readable when the grading is cancelled; -1 when that cannot happen."""
        ...

    def cancelled(self) -> bool:
        """Whether it was cancelled."""
        ...

    @property
    def deadline_ns(self) -> int | None:
        """When it must end, on the monotonic clock, in nanoseconds; None for never."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class BoxSpec:
    """What a box is opened for."""

    program: Program
    entry_point: str
    isolation: Isolation
    load_limits: Limits
    runtime: str = DEFAULT_RUNTIME  # which packages the program can import
    hash_seed: int = 0  # PYTHONHASHSEED
    stdin: bytes = b""  # standard input of the program's run, with isolation "process"
    files: Mapping[str, bytes] = field(default_factory=dict)  # in the working directory, beside the program's own
    interrupt: Interrupt | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OracleReply:
    """What becomes of one question to an oracle: an answer, an error for the asker, or the end of the call."""

    value: bytes | None = None  # the answer, encoded
    error: str | None = None  # what is wrong with the question
    wrong_type: bool = False  # of an error: TypeError, not ValueError
    stop: Killer | None = None  # why the call is not to go on
    message: str = ""  # when it is stopped


class Oracles(Protocol):
    """The judge's side of the oracles of one call; what it is asked was written by the candidate's process."""

    @property
    def positions(self) -> Mapping[str, int]:
        """Where each oracle stands among the function's arguments, by its name, in ascending order."""
        ...

    def ask(self, name: str, question: bytes) -> OracleReply:
        """Answers one question; ``question`` encodes a tuple of arguments. Raises InfrastructureError."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call of the entry point, or one run of the program."""

    arguments: bytes  # wire encoding of a mapping: parameter name to value; of a list of texts for a program's run
    limits: Limits
    audit_seed: int | None = None  # reseed the global generators with it, and say whether the call changed state
    more: bool = False  # with isolation "test": the next call is made in the same process, which keeps its state
    oracles: Oracles | None = None  # what the function may call


class Box(Protocol):
    """One submission's isolated life in a slot: loaded once, then called."""

    def load(self) -> RunOutcome:
        """Compiles and loads the program; an outcome without failure means that calls may follow."""
        ...

    def call(self, call: Call) -> RunOutcome:
        """Makes one call. After an outcome with a killer the box is dead; ``alive`` tells."""
        ...

    @property
    def alive(self) -> bool:
        """Whether another call can be made."""
        ...


class Sandbox(Protocol):
    """Opens boxes, one at a time. Faults of ours raise InfrastructureError; everything else is a RunOutcome."""

    @property
    def path(self) -> str:
        """Which path it is: cold or warm."""
        ...

    @property
    def slot(self) -> int:
        """The number of its slot."""
        ...

    def describe_toolchain(self, language: str, runtime: str = DEFAULT_RUNTIME) -> str:
        """The toolchain's name and versions; they enter the digest of a grading.

        Raises SubmissionError for an unknown language, EnvironmentFault for a runtime that is not built.
        """
        ...

    def open(self, spec: BoxSpec) -> AbstractContextManager[Box]:
        """A fresh box; leaving the context kills everything in it and leaves nothing behind."""
        ...


class Companions(Protocol):
    """Gives sandboxes of the judge's own, for author's code that must run while a candidate's box is open."""

    def sandbox(self, role: str) -> Sandbox:
        """The sandbox of author's code of that role, "checker" say; it is opened when it is first asked for."""
        ...


class Clock(Protocol):
    """Time."""

    def unix_ns(self) -> int:
        """Nanoseconds since the Unix epoch."""
        ...

    def monotonic_ns(self) -> int:
        """Nanoseconds on a clock that never steps."""
        ...


class Observer(Protocol):
    """Is told what happened, for metrics."""

    def count(self, name: str, labels: Mapping[str, str], amount: float = 1.0) -> None:
        """Adds to a counter."""
        ...

    def observe(self, name: str, labels: Mapping[str, str], value: float) -> None:
        """Records one value of a distribution."""
        ...

    def set(self, name: str, labels: Mapping[str, str], value: float) -> None:
        """Sets a gauge."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class GradingRequest:
    """One submission to be graded."""

    submission_id: str
    problem: str  # slug
    program: Program
    deadline_unix_ns: int | None = None
    events: bool = True  # whether anybody wants to hear of what happens before the report


class Engine(Protocol):
    """Where gradings run."""

    async def grade(self, request: GradingRequest, on_event: Callable[[Event], None]) -> Report:
        """Grades; cancelling the task kills the run. Raises SubmissionError, Overloaded or InfrastructureError."""
        ...


class PlanSource(Protocol):
    """Gives compiled plans."""

    def plan(self, slug: str) -> TestPlan:
        """The plan of a problem. Raises UnknownProblem or SpecError."""
        ...
