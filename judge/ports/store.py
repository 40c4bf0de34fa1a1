"""What is kept: reports, batches with their items and results, rejudgings, and the queue of what is left to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from judge.model.batch import Batch, BatchItem, Change, Chunk, ItemFailure, ItemResult, KnownItem, Mark, Transition
from judge.model.report import Report


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
