"""The Protocols that the core needs; adapters live elsewhere, in-memory twins in ``judge.testing``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from judge.model.batch import Batch, BatchItem, Change, Chunk, ItemFailure, ItemResult, KnownItem, Mark, Transition
from judge.model.event import Event
from judge.model.plan import TestPlan
from judge.model.program import Program
from judge.model.report import Report
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


class ResultStore(Protocol):
    """Keeps reports by their grading digest. Its methods raise StoreFault when what keeps them fails."""

    async def get(self, digest: str) -> Report | None:
        """The report that was kept first under this grading digest; None when there is none."""
        ...

    async def put(self, report: Report) -> None:
        """Keeps a report, unless its digest has one. Raises ValueError for JUDGE_ERROR and CANCELLED."""
        ...

    async def find(self, work: str) -> Report | None:
        """The report that ``work`` was linked to; None when there is none."""
        ...

    async def link(self, reports: Mapping[str, Report]) -> None:
        """Keeps reports as ``put`` does, and says which work led to each; a second link of a work changes nothing.

        All or none.
        """
        ...

    async def expire(self, *, before_unix_ns: int, size_bytes: int | None) -> int:
        """Forgets batches that ended, or began to be created, before then, older reports, and the oldest above a size.

        A report that an item of a batch has is never forgotten before the batch. Returns how many reports went.
        """
        ...


class BatchStore(Protocol):
    """Keeps batches, their items and results. Its methods raise StoreFault when what keeps them fails."""

    async def begin_batch(self, batch: Batch) -> Batch:
        """Takes a batch that is being created, or gives the one with the same request id that has been.

        What an interrupted creation left under that request id is dropped.
        """
        ...

    async def add_items(self, batch_id: str, items: Sequence[BatchItem], known: Sequence[KnownItem] = ()) -> int:
        """Adds items to a batch that is being created. Raises SubmissionError for an item id that it has.

        Those of ``known`` whose work is linked to a report have that report at once. Returns how many these are.
        """
        ...

    async def start_batch(
        self, batch_id: str, *, item_count: int, content: str, unix_ns: int, priority: int | None = None
    ) -> Batch:
        """Ends the creation: from now on the batch runs, or has succeeded when all of its items have reports.

        ``priority`` is by default the one that it was begun with. Raises KeyError when it is not being created.
        """
        ...

    async def drop_batch(self, batch_id: str) -> None:
        """Forgets a batch that is being created."""
        ...

    async def batch(self, batch_id: str) -> Batch | None:
        """A batch that has been created; None when there is none."""
        ...

    async def batches(self, *, limit: int, after: str = "") -> list[Batch]:
        """Created batches, the latest first, at most ``limit``, those that come after the batch of that id."""
        ...

    async def running_batches(self) -> list[Batch]:
        """Those that run: by priority, the highest first, then by age, the oldest first."""
        ...

    async def waiting_items(self, batch_id: str, *, after: int, limit: int) -> list[BatchItem]:
        """Items without a result, by number, at most ``limit``, with numbers above ``after``.

        Fewer, but at least one, when their programs are large.
        """
        ...

    async def finish_items(
        self, batch_id: str, outcomes: Mapping[int, Report | ItemFailure], *, unix_ns: int
    ) -> tuple[Batch, set[int]]:
        """Gives items of a running batch, by number, their results, those that have none; also keeps the reports.

        Returns the batch, which has ended when these were the last items, and the numbers of the results that were
        taken; their positions are in the order of ``outcomes``. All or none. Raises ValueError for a report of
        JUDGE_ERROR or CANCELLED, KeyError for a batch that does not exist.
        """
        ...

    async def finish_known(
        self, batch_id: str, items: Sequence[KnownItem], *, unix_ns: int
    ) -> tuple[Batch | None, set[int]]:
        """Gives those of the items whose work is linked to a report, and that have no result, that report.

        Returns the batch, None when it does not exist, and the numbers of these items. All or none.
        """
        ...

    async def results(self, batch_id: str, *, after: int, limit: int) -> list[ItemResult]:
        """Results by position, at most ``limit``, with positions above ``after``."""
        ...

    async def cancel_batch(self, batch_id: str, *, unix_ns: int) -> Batch | None:
        """Ends a batch that runs; items without a result never get one. None when there is no such batch."""
        ...


class RejudgingStore(BatchStore, Protocol):
    """Also keeps rejudgings: batches with a ``base_id``, whose items have the numbers of its items and a ``before``."""

    async def graded_items(self, batch_id: str, *, after: int, limit: int) -> list[tuple[BatchItem, Mark]]:
        """Items with a result, by number, at most ``limit``, with numbers above ``after``."""
        ...

    async def changes(self, rejudging_id: str, *, after: int, limit: int) -> list[Change]:
        """Items whose result the rejudging changes, by number, at most ``limit``, with numbers above ``after``."""
        ...

    async def transitions(self, rejudging_id: str) -> list[Transition]:
        """From which verdict to which the items with a result went."""
        ...

    async def apply_rejudging(self, rejudging_id: str) -> Batch | None:
        """Gives the reports of a rejudging that has succeeded to its batch's items, all or none.

        Does nothing when its batch does not exist, runs, or has another generation. Returns the rejudging, whose
        state tells whether it is applied; None when there is none.
        """
        ...

    async def drop_rejudging(self, rejudging_id: str) -> Batch | None:
        """Forgets a rejudging that is not applied. Returns it as it was; None when there is none."""
        ...


class JobQueue(Protocol):
    """Hands out the items of running batches in chunks, under leases. Its methods raise StoreFault.

    A claim has a token; an operation with the token of a claim that another one has replaced does nothing.
    """

    async def claim(self, token: str, *, size: int, now_ns: int, until_ns: int, pause_ns: int) -> Chunk | None:
        """Leases a chunk until then: one whose lease has ended, or the next ``size`` items of the first batch.

        Batches come by priority, then by age. Some of its items may have results. None when there is no chunk.
        After the end of its lease a chunk waits ``pause_ns`` for each attempt beyond the first.
        """
        ...

    async def renew(self, tokens: Sequence[str], *, until_ns: int) -> set[str]:
        """Prolongs leases of running batches; returns the tokens of those that are still held."""
        ...

    async def complete(self, token: str) -> None:
        """Ends a lease for good: all items of the chunk have results."""
        ...

    async def release(self, tokens: Sequence[str]) -> None:
        """Gives leases back as if they had not been claimed."""
        ...

    async def split(self, token: str, *, at: int) -> None:
        """Replaces a leased chunk by what is before a number and what begins with it; neither is leased.

        Their next attempt is the one before the chunk's: each part is tried once more.
        """
        ...

    async def reopen(self) -> None:
        """Ends all leases if only one service can use the queue: whoever held them is gone."""
        ...


class Store(ResultStore, RejudgingStore, JobQueue, Protocol):
    """All of it."""
