"""The twin of a store: everything in this process's dictionaries, gone with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from judge.errors import SubmissionError
from judge.model.batch import (
    Batch,
    BatchItem,
    BatchState,
    Change,
    ItemFailure,
    ItemResult,
    KnownItem,
    Mark,
    Transition,
    mark_of,
)
from judge.model.report import Report
from judge.store.memory_queue import MemoryQueue
from judge.store.rows import check_kept

_OPEN = (BatchState.CREATING, BatchState.RUNNING)  # items may get results


@dataclass(slots=True)
class _Kept:
    """A batch with its items."""

    batch: Batch
    items: dict[int, BatchItem] = field(default_factory=dict)  # by number
    results: list[ItemResult] = field(default_factory=list)  # by position
    done: dict[int, int] = field(default_factory=dict)  # where in ``results``, by the numbers of items

    def mark(self, number: int) -> Mark:
        """What an item's result says."""
        return mark_of(self.results[self.done[number]].outcome)


class MemoryStore(MemoryQueue):
    """The port ``Store`` without anything behind it."""

    def __init__(self) -> None:
        super().__init__(self._ordered)
        self._reports: dict[str, Report] = {}
        self._works: dict[str, str] = {}
        self._batches: dict[str, _Kept] = {}

    async def close(self) -> None:
        """Does nothing."""

    # --- reports ---

    async def get(self, digest: str) -> Report | None:
        """The report that was kept first under this grading digest."""
        return self._reports.get(digest)

    async def put(self, report: Report) -> None:
        """Keeps a report, unless its digest has one."""
        check_kept(report)
        self._reports.setdefault(report.grading_digest, report)

    async def find(self, work: str) -> Report | None:
        """The report that ``work`` was linked to."""
        return self._reports.get(self._works.get(work, ""))

    async def link(self, reports: Mapping[str, Report]) -> None:
        """Keeps reports and says which work led to each."""
        for report in reports.values():
            check_kept(report)
        for work, report in reports.items():
            await self.put(report)
            self._works.setdefault(work, report.grading_digest)

    async def expire(self, *, before_unix_ns: int, size_bytes: int | None) -> int:
        """Forgets what is too old; with a size, everything that no batch has."""
        for batch_id, kept in list(self._batches.items()):
            batch = kept.batch
            end_ns = batch.create_unix_ns if batch.state is BatchState.CREATING else batch.end_unix_ns
            if end_ns is not None and end_ns < before_unix_ns:
                del self._batches[batch_id]
        used = {
            result.outcome.grading_digest
            for kept in self._batches.values()
            for result in kept.results
            if isinstance(result.outcome, Report)
        }
        old = [digest for digest, report in self._reports.items() if digest not in used]
        gone = [digest for digest in old if size_bytes == 0 or _stored_ns(self._reports[digest]) < before_unix_ns]
        for digest in gone:
            del self._reports[digest]
        self._works = {work: digest for work, digest in self._works.items() if digest in self._reports}
        return len(gone)

    # --- batches ---

    async def begin_batch(self, batch: Batch) -> Batch:
        """Takes a batch that is being created, or gives the one that has been."""
        for batch_id, kept in list(self._batches.items()):
            if kept.batch.request_id == batch.request_id:
                if kept.batch.state is not BatchState.CREATING:
                    return kept.batch
                del self._batches[batch_id]
        self._batches[batch.batch_id] = _Kept(batch)
        return batch

    async def add_items(self, batch_id: str, items: Sequence[BatchItem], known: Sequence[KnownItem] = ()) -> int:
        """Adds items to a batch that is being created; returns how many had reports."""
        kept = self._batches[batch_id]
        for item in items:
            if item.item_id in {other.item_id for other in kept.items.values()}:
                raise SubmissionError("item.item_id", f"expected every id once, found {item.item_id!r} again")
            kept.items[item.number] = item
        return len(self._recall(batch_id, known, 0))

    async def start_batch(
        self, batch_id: str, *, item_count: int, content: str, unix_ns: int, priority: int | None = None
    ) -> Batch:
        """Ends the creation."""
        kept = self._batches[batch_id]
        if kept.batch.state is BatchState.CREATING:
            kept.batch = replace(
                kept.batch,
                state=BatchState.RUNNING,
                item_count=item_count,
                content=content,
                priority=kept.batch.priority if priority is None else priority,
            )
            _end_if_done(kept, unix_ns)
        return kept.batch

    async def drop_batch(self, batch_id: str) -> None:
        """Forgets a batch that is being created."""
        kept = self._batches.get(batch_id)
        if kept is not None and kept.batch.state is BatchState.CREATING:
            del self._batches[batch_id]

    async def batch(self, batch_id: str) -> Batch | None:
        """A batch that has been created."""
        kept = self._batches.get(batch_id)
        return None if kept is None or kept.batch.state is BatchState.CREATING else kept.batch

    async def batches(self, *, limit: int, after: str = "") -> list[Batch]:
        """Created batches, the latest first."""
        found = [kept.batch for kept in self._batches.values() if kept.batch.state is not BatchState.CREATING]
        found.sort(key=_age, reverse=True)
        if after:
            found = [
                batch for batch in found if after in self._batches and _age(batch) < _age(self._batches[after].batch)
            ]
        return found[:limit]

    def _ordered(self) -> list[tuple[Batch, Sequence[int]]]:
        running = [kept for kept in self._batches.values() if kept.batch.state is BatchState.RUNNING]
        running.sort(key=lambda kept: (-kept.batch.priority, *_age(kept.batch)))
        return [(kept.batch, sorted(kept.items)) for kept in running]

    async def running_batches(self) -> list[Batch]:
        """Those that run, in the order in which they are served."""
        found = [kept.batch for kept in self._batches.values() if kept.batch.state is BatchState.RUNNING]
        return sorted(found, key=lambda batch: (-batch.priority, *_age(batch)))

    async def waiting_items(self, batch_id: str, *, after: int, limit: int) -> list[BatchItem]:
        """Items without a result, by number."""
        kept = self._batches.get(batch_id)
        if kept is None:
            return []
        numbers = [number for number in sorted(kept.items) if number > after and number not in kept.done]
        return [replace(kept.items[number], before=None) for number in numbers[:limit]]

    async def finish_items(
        self, batch_id: str, outcomes: Mapping[int, Report | ItemFailure], *, unix_ns: int
    ) -> tuple[Batch, set[int]]:
        """Gives items their results, those that have none."""
        for outcome in outcomes.values():
            if isinstance(outcome, Report):
                check_kept(outcome)
        taken = {number for number, outcome in outcomes.items() if self._finish(batch_id, number, outcome, unix_ns)}
        return self._batches[batch_id].batch, taken

    def _finish(self, batch_id: str, number: int, outcome: Report | ItemFailure, unix_ns: int) -> bool:
        if isinstance(outcome, Report):
            first = self._reports.setdefault(outcome.grading_digest, outcome)
            outcome = replace(first, submission_id=outcome.submission_id)
        kept = self._batches[batch_id]
        if number not in kept.items or number in kept.done or kept.batch.state not in _OPEN:
            return False
        kept.done[number] = len(kept.results)
        kept.results.append(ItemResult(item_id=kept.items[number].item_id, position=len(kept.done), outcome=outcome))
        good = isinstance(outcome, Report)
        finished, failed = kept.batch.finished_count + good, kept.batch.failed_count + (not good)
        kept.batch = replace(kept.batch, finished_count=finished, failed_count=failed)
        _end_if_done(kept, unix_ns)
        return True

    async def finish_known(
        self, batch_id: str, items: Sequence[KnownItem], *, unix_ns: int
    ) -> tuple[Batch | None, set[int]]:
        """Gives the items whose work is known its report."""
        taken = self._recall(batch_id, items, unix_ns)
        return await self.batch(batch_id), taken

    def _recall(self, batch_id: str, items: Sequence[KnownItem], unix_ns: int) -> set[int]:
        taken = set()
        for item in items:
            report = self._reports.get(self._works.get(item.work, ""))
            if report is not None and batch_id in self._batches:
                outcome = replace(report, submission_id=item.submission_id)
                if self._finish(batch_id, item.number, outcome, unix_ns):
                    taken.add(item.number)
        return taken

    async def results(self, batch_id: str, *, after: int, limit: int) -> list[ItemResult]:
        """Results by position."""
        return self._batches[batch_id].results[after : after + limit]

    async def cancel_batch(self, batch_id: str, *, unix_ns: int) -> Batch | None:
        """Ends a batch that runs."""
        kept = self._batches.get(batch_id)
        if kept is not None and kept.batch.state is BatchState.RUNNING:
            kept.batch = replace(kept.batch, state=BatchState.CANCELLED, end_unix_ns=unix_ns)
        return await self.batch(batch_id)

    # --- rejudgings ---

    async def graded_items(self, batch_id: str, *, after: int, limit: int) -> list[tuple[BatchItem, Mark]]:
        """Items with a result, by number."""
        kept = self._batches[batch_id]
        numbers = [number for number in sorted(kept.done) if number > after][:limit]
        return [(replace(kept.items[number], before=None), kept.mark(number)) for number in numbers]

    async def changes(self, rejudging_id: str, *, after: int, limit: int) -> list[Change]:
        """Items whose result the rejudging changes, by number."""
        kept = self._batches[rejudging_id]
        found = [
            Change(number=number, item_id=item.item_id, before=item.before, after=kept.mark(number))
            for number, item in sorted(kept.items.items())
            if number > after and number in kept.done and item.before is not None
        ]
        return [change for change in found if _is_change(change.before, change.after)][:limit]

    async def transitions(self, rejudging_id: str) -> list[Transition]:
        """From which verdict to which the items with a result went."""
        kept = self._batches[rejudging_id]
        pairs = [(kept.items[number].before or Mark(verdict=None), kept.mark(number)) for number in kept.done]
        verdicts = Counter((before.verdict, after.verdict) for before, after in pairs)
        changed = Counter((before.verdict, after.verdict) for before, after in pairs if _is_change(before, after))
        return [
            Transition(before=before, after=after, count=verdicts[before, after], changed_count=changed[before, after])
            for before, after in sorted(verdicts, key=lambda pair: (pair[0] or "", pair[1] or ""))
        ]

    async def apply_rejudging(self, rejudging_id: str) -> Batch | None:
        """Gives the reports of a rejudging to its batch's items, all or none."""
        new = self._batches.get(rejudging_id)
        base = self._batches.get(new.batch.base_id) if new else None
        if new is None or base is None:
            return await self.batch(rejudging_id)
        ended = base.batch.state in (BatchState.SUCCEEDED, BatchState.CANCELLED)
        if new.batch.state is BatchState.SUCCEEDED and ended and base.batch.generation == new.batch.generation:
            for number, at in new.done.items():
                if isinstance(new.results[at].outcome, Report):
                    old = base.results[base.done[number]]
                    base.results[base.done[number]] = replace(old, outcome=new.results[at].outcome)
            finished = sum(isinstance(result.outcome, Report) for result in base.results)
            failed = len(base.results) - finished
            generation = base.batch.generation + 1
            base.batch = replace(base.batch, generation=generation, finished_count=finished, failed_count=failed)
            new.batch = replace(new.batch, state=BatchState.APPLIED)
        return new.batch

    async def drop_rejudging(self, rejudging_id: str) -> Batch | None:
        """Forgets a rejudging that is not applied; returns it as it was."""
        batch = await self.batch(rejudging_id)
        if batch is not None and batch.base_id and batch.state is not BatchState.APPLIED:
            del self._batches[rejudging_id]
        return batch


def _end_if_done(kept: _Kept, unix_ns: int) -> None:
    batch = kept.batch
    if batch.state is BatchState.RUNNING and batch.done_count == batch.item_count:
        kept.batch = replace(batch, state=BatchState.SUCCEEDED, end_unix_ns=unix_ns)


def _is_change(before: Mark, after: Mark) -> bool:
    return after.verdict is not None and after != before


def _age(batch: Batch) -> tuple[int, str]:
    return batch.create_unix_ns, batch.batch_id


def _stored_ns(report: Report) -> int:
    return max((phase.end_unix_ns for phase in report.phases), default=0)
