"""The leases of a service that was away for longer than they last, and came back before anybody else claimed them."""

from __future__ import annotations

from judge.batch.chunks import LEASE_NS, Chunks
from judge.model.batch import Batch, BatchItem, BatchState
from judge.model.program import Program, SourceFile
from judge.store.memory import MemoryStore
from judge.twins import ManualClock

ITEMS = 4


async def store_of_items() -> MemoryStore:
    store = MemoryStore()
    program = Program(language="python3", files=(SourceFile(path="main.py", content=b"1"),))
    await store.begin_batch(
        Batch(
            batch_id="b",
            request_id="r",
            display_name="",
            priority=0,
            state=BatchState.CREATING,
            content="",
            item_count=0,
            finished_count=0,
            failed_count=0,
            create_unix_ns=1,
            end_unix_ns=None,
        )
    )
    numbers = range(1, ITEMS + 1)
    await store.add_items("b", [BatchItem(number=n, item_id=f"i{n}", problem="add", program=program) for n in numbers])
    await store.start_batch("b", item_count=ITEMS, content="", unix_ns=1)
    return store


async def test_what_is_in_hand_is_not_begun_again_and_not_lost() -> None:
    clock, store = ManualClock(), await store_of_items()
    chunks = Chunks(store, clock)
    first = await chunks.claim(ITEMS)
    assert first is not None
    assert await chunks.hold(first, {1, 2, 3, 4}) == {1, 2, 3, 4}
    await chunks.done("b", [1])
    clock.advance(LEASE_NS + 1)
    again = await chunks.claim(ITEMS)
    assert again is not None
    assert (again.first_number, again.attempt) == (1, 2)
    assert await chunks.hold(again, {2, 3, 4}) == set()  # all of them run
    assert await chunks.renew() == []  # the lease that ended was its own
    await chunks.done("b", [2, 3])
    assert chunks.suspect
    await chunks.done("b", [4])
    assert not chunks.suspect  # nothing is held any more
    clock.advance(LEASE_NS * 10)
    assert await chunks.claim(ITEMS) is None
