"""Rejudgings: a batch's items graded against the problems as they are now, compared, and then applied or dropped.

A rejudging is a batch of its own, with copies of the items that have a result, each with that result in short. So it
runs, is watched, cancelled and gone on with after a restart as any batch; an item whose problem, toolchain and program
have not changed gets its report back without a run. Whoever asked for one item goes before all batches, a rejudging of
more goes behind them.

The comparison is with the results that the items had when the rejudging began. It is applied as a whole and only to
these: not when another rejudging was applied to the batch meanwhile.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

from judge.batch.batches import Batches, Progress
from judge.batch.runner import Runner
from judge.errors import RequestConflict, SubmissionError, UnknownBatch, WrongState
from judge.model.batch import Batch, BatchItem, BatchState, Change, Mark, Transition
from judge.model.digest import digest_of
from judge.model.verdict import Verdict
from judge.ports import Clock, RejudgingStore

ONE_ITEM = 101  # the priority of a rejudging of one item: before all batches
MANY_ITEMS = -101  # ... of more: behind them

_PAGE = 32  # items that are copied at a time
_REQUESTS = "rejudge/"  # keeps their request ids apart from those of batches, which have no slash


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Which items are graded again: those that all of these admit; an empty one admits all."""

    problems: frozenset[str] = frozenset()
    verdicts: frozenset[Verdict | None] = frozenset()  # None: a failure
    item_ids: frozenset[str] = frozenset()

    def has(self, item: BatchItem, mark: Mark) -> bool:
        """Whether an item with this result is one."""
        return (
            (not self.problems or item.problem in self.problems)
            and (not self.verdicts or mark.verdict in self.verdicts)
            and (not self.item_ids or item.item_id in self.item_ids)
        )

    def digest(self) -> str:
        """A name for the selection."""
        verdicts = sorted(verdict or "" for verdict in self.verdicts)
        return digest_of([sorted(self.problems), verdicts, sorted(self.item_ids)])


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """A rejudging and what it changes."""

    progress: Progress
    transitions: list[Transition]
    changes: list[Change]  # a page

    @property
    def changed_count(self) -> int:
        """Items whose verdict or score is another."""
        return sum(transition.changed_count for transition in self.transitions)


class Rejudgings:
    """Begins, compares, applies and drops rejudgings."""

    def __init__(self, store: RejudgingStore, batches: Batches, runner: Runner, clock: Clock) -> None:
        self._store = store
        self._batches = batches
        self._runner = runner
        self._clock = clock
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # by request id

    async def begin(self, batch_id: str, request_id: str, selection: Selection) -> Comparison:
        """Begins a rejudging, or gives the one that the same request began.

        Raises UnknownBatch, WrongState for a batch that runs, SubmissionError when no item is selected.
        """
        lock = self._locks.setdefault(request_id, asyncio.Lock())
        async with lock:
            base = (await self._batches.get(batch_id)).batch
            if base.base_id:
                raise SubmissionError("batch_id", f"expected a batch, found the rejudging {batch_id!r}")
            rejudging = await self._begun(base, request_id, selection)
        self._runner.look()
        return await self.compare(rejudging.batch_id, after=0, limit=0)

    async def compare(self, rejudging_id: str, *, after: int, limit: int) -> Comparison:
        """A rejudging, its transitions, and a page of its changes. Raises UnknownBatch."""
        progress = await self._rejudging(rejudging_id)
        changes = await self._store.changes(rejudging_id, after=after, limit=limit) if limit else []
        transitions = await self._store.transitions(rejudging_id)
        return Comparison(progress=progress, transitions=transitions, changes=changes)

    async def apply(self, rejudging_id: str) -> Progress:
        """Gives its reports to the batch, which is returned. Raises UnknownBatch, WrongState."""
        await self._rejudging(rejudging_id)
        rejudging = await self._store.apply_rejudging(rejudging_id)
        if rejudging is None:
            raise _unknown(rejudging_id)
        base = (await self._batches.get(rejudging.base_id)).batch
        if rejudging.state is not BatchState.APPLIED:
            raise WrongState("rejudging_id", _why_not(rejudging, base))
        return await self._batches.get(base.batch_id)

    async def drop(self, rejudging_id: str) -> None:
        """Forgets it; what runs is killed. Raises UnknownBatch, WrongState when it is applied."""
        await self._rejudging(rejudging_id)
        rejudging = await self._store.drop_rejudging(rejudging_id)
        if rejudging is None:
            raise _unknown(rejudging_id)
        if rejudging.state is BatchState.APPLIED:
            raise WrongState("rejudging_id", "expected a rejudging that is not applied, found one that is")
        self._runner.end(rejudging)

    async def _rejudging(self, rejudging_id: str) -> Progress:
        try:
            progress = await self._batches.get(rejudging_id)
        except UnknownBatch:
            raise _unknown(rejudging_id) from None
        if not progress.batch.base_id:
            raise UnknownBatch("rejudging_id", f"expected a rejudging, found the batch {rejudging_id!r}")
        return progress

    # --- beginning ---

    async def _begun(self, base: Batch, request_id: str, selection: Selection) -> Batch:
        content = digest_of([base.batch_id, selection.digest()])
        new = self._new(base, request_id)
        begun = await self._store.begin_batch(new)
        if begun.batch_id != new.batch_id:
            if begun.content != content:
                raise RequestConflict("request_id", f"{request_id!r} was used before for another rejudging")
            return begun
        try:
            return await self._filled(base, new, content, selection)
        except BaseException:
            await asyncio.shield(self._store.drop_batch(new.batch_id))
            raise

    def _new(self, base: Batch, request_id: str) -> Batch:
        return Batch(
            batch_id=uuid.uuid4().hex,
            request_id=_REQUESTS + request_id,
            display_name=base.display_name,
            priority=MANY_ITEMS,
            state=BatchState.CREATING,
            content="",
            item_count=0,
            finished_count=0,
            failed_count=0,
            create_unix_ns=self._clock.unix_ns(),
            end_unix_ns=None,
            base_id=base.batch_id,
            generation=base.generation,
        )

    async def _filled(self, base: Batch, new: Batch, content: str, selection: Selection) -> Batch:
        if base.state is BatchState.RUNNING:
            raise WrongState("batch_id", f"expected a batch that has ended, found {base.batch_id!r} running")
        count = 0
        async for page in self._selected(base.batch_id, selection):
            count += len(page)
            await self._store.add_items(new.batch_id, page)
        if not count:
            raise SubmissionError(
                "batch_id", f"expected items that are selected and have a result, found none of {base.batch_id!r}"
            )
        priority = ONE_ITEM if count == 1 else MANY_ITEMS
        now_ns = self._clock.unix_ns()
        return await self._store.start_batch(
            new.batch_id, item_count=count, content=content, priority=priority, unix_ns=now_ns
        )

    async def _selected(self, batch_id: str, selection: Selection) -> AsyncIterator[list[BatchItem]]:
        after = 0
        while found := await self._store.graded_items(batch_id, after=after, limit=_PAGE):
            after = found[-1][0].number
            page = [replace(item, before=mark) for item, mark in found if selection.has(item, mark)]
            if page:
                yield page


def _why_not(rejudging: Batch, base: Batch) -> str:
    if rejudging.state is not BatchState.SUCCEEDED:
        return f"expected a rejudging that has succeeded, found it {rejudging.state.value}"
    expected = f"expected the results of batch {base.batch_id!r} as they were when the rejudging began"
    return f"{expected}, found that another one was applied since: drop this one and rejudge again"


def _unknown(rejudging_id: str) -> UnknownBatch:
    return UnknownBatch("rejudging_id", f"there is no rejudging {rejudging_id!r}")
