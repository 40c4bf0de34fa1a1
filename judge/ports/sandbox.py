"""Boxes: what is run, what it is asked, what it may ask, and who opens boxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from judge.model.program import Program
from judge.model.run import BurstOutcome, Isolation, Killer, Limits, RunOutcome
from judge.model.signature import Signature
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
    live_stdin: bool = False  # standard input is what its partner in a conversation writes, not ``stdin``
    files: Mapping[str, bytes] = field(default_factory=dict)  # in the working directory, beside the program's own
    signature: Signature | None = None  # of the entry point; a compiled language needs it
    memory_bytes: int = 0  # the memory limit of its calls, for which a virtual machine is started; 0: that of loading
    interrupt: Interrupt | None = None

    @property
    def call_memory_bytes(self) -> int:
        """The memory limit of its calls."""
        return self.memory_bytes or self.load_limits.memory_bytes


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
class Partner:
    """With whom a run speaks: a program in another box, each reading on standard input what the other writes.

    Both boxes are opened with ``live_stdin`` and loaded. The partner has no wall limit of its own while the run goes
    on; the time that it computes is not the run's.
    """

    box: Box
    call: Call
    decides: Callable[[RunOutcome], bool]  # whether the run need not go on after such an end of the partner


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call of the entry point, or one run of the program."""

    arguments: bytes  # wire encoding of a mapping: parameter name to value; of a list of texts for a program's run
    limits: Limits
    audit_seed: int | None = None  # reseed the global generators with it, and say whether the call changed state
    more: bool = False  # with isolation "test": the next call is made in the same process, which keeps its state
    oracles: Oracles | None = None  # what the function may call
    keywords: tuple[str, ...] = ()  # the last of the arguments are given by these names
    # Files that a compiled program's run leaves, relative to its working directory; all below a name that ends in "/".
    collect: tuple[str, ...] = ()
    partner: Partner | None = None  # of a program's run: with whom it speaks; the outcome then has a dialogue


@dataclass(frozen=True, kw_only=True, slots=True)
class Burst:
    """Several calls of the entry point, to be made in one exchange."""

    arguments: Sequence[bytes]  # of each call, as of a Call
    limits: Limits  # of each call
    audit_seeds: Sequence[int | None] = ()  # of each call, when any is audited
    keywords: Sequence[Sequence[str]] = ()  # of each call, when any has some
    whole: bool = False  # all calls have the limits of one, go on while they have answers, and the last has all times

    @property
    def first(self) -> Call:
        """The first call."""
        return Call(
            arguments=self.arguments[0],
            limits=self.limits,
            audit_seed=self.audit_seeds[0] if self.audit_seeds else None,
            keywords=tuple(self.keywords[0]) if self.keywords else (),
        )


class Box(Protocol):
    """One submission's isolated life in a slot: loaded once, then called."""

    def load(self) -> RunOutcome:
        """Compiles and loads the program; an outcome without failure means that calls may follow."""
        ...

    def call(self, call: Call) -> RunOutcome:
        """Makes one call. After an outcome with a killer the box is dead; ``alive`` tells."""
        ...

    def burst(self, burst: Burst) -> BurstOutcome | None:
        """Makes the first of these calls, in order: one at least, others only while they are short, as if one by one.

        None means that the box is dead and that it is not known in which call it died.
        """
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
