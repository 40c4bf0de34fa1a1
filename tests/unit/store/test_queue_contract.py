"""What every queue keeps: one suite over the twin, SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from judge.model.batch import Batch, BatchItem, BatchState, Chunk
from judge.model.program import Program, SourceFile

Opened = Callable[[], Any]
PROGRAM = Program(language="python3", files=(SourceFile(path="main.py", content=b"1"),))


async def running(store: Any, name: str, numbers: list[int], *, priority: int = 0, created_ns: int = 1) -> None:
    """A batch that runs, with items of these numbers."""
    batch = Batch(
        batch_id=name,
        request_id=name,
        display_name="",
        priority=priority,
        state=BatchState.CREATING,
        content="",
        item_count=0,
        finished_count=0,
        failed_count=0,
        create_unix_ns=created_ns,
        end_unix_ns=None,
    )
    await store.begin_batch(batch)
    items = [BatchItem(number=n, item_id=str(n), problem="add", program=PROGRAM) for n in numbers]
    await store.add_items(name, items)
    await store.start_batch(name, item_count=len(items), content="", unix_ns=1)


async def claim(store: Any, token: str, *, size: int = 4, now: int = 0, until: int = 10) -> Chunk | None:
    claimed: Chunk | None = await store.claim(token, size=size, now_ns=now, until_ns=until, pause_ns=100)
    return claimed


def span(chunk: Chunk | None) -> tuple[str, int, int, int] | None:
    return (chunk.batch_id, chunk.first_number, chunk.last_number, chunk.attempt) if chunk else None


async def test_every_item_is_in_one_chunk_by_priority_then_age(opened: Opened) -> None:
    store = await opened()
    await running(store, "old", [1, 2, 3, 4, 5])
    await running(store, "new", [1], created_ns=2)
    await running(store, "urgent", [2, 900], priority=1, created_ns=3)
    spans = [span(await claim(store, f"t{n}")) for n in range(6)]
    assert spans[:2] == [("urgent", 2, 5, 1), ("urgent", 900, 903, 1)]  # numbers without an item cost nothing
    assert spans[2:5] == [("old", 1, 4, 1), ("old", 5, 8, 1), ("new", 1, 4, 1)]
    assert spans[5] is None
    await store.close()


async def test_claims_at_once_get_different_chunks(opened: Opened) -> None:
    store = await opened()
    await running(store, "b", list(range(1, 41)))
    chunks = await asyncio.gather(*(claim(store, f"t{n}") for n in range(12)))
    assert sorted(chunk.first_number for chunk in chunks if chunk) == list(range(1, 41, 4))
    await store.close()


async def test_a_lease_that_ended_is_claimed_again_after_a_pause_that_grows(opened: Opened) -> None:
    store = await opened()
    await running(store, "b", [1, 2])
    assert span(await claim(store, "a", until=10)) == ("b", 1, 4, 1)
    assert await claim(store, "b", now=10) is None
    assert span(await claim(store, "b", now=11, until=20)) == ("b", 1, 4, 2)
    assert await claim(store, "c", now=119) is None
    assert span(await claim(store, "c", now=121, until=130)) == ("b", 1, 4, 3)
    await store.close()


async def test_who_lost_a_lease_is_fenced_off(opened: Opened) -> None:
    store = await opened()
    await running(store, "b", [1, 2])
    await claim(store, "a", until=10)
    assert await store.renew(["a"], until_ns=50) == {"a"}
    assert await claim(store, "b", now=40) is None
    await claim(store, "b", now=51, until=60)
    assert await store.renew(["a"], until_ns=999) == set()
    await store.complete("a")
    await store.release(["a"])
    await store.split("a", at=2)
    assert await store.renew(["b"], until_ns=70) == {"b"}
    assert await claim(store, "c", now=65) is None
    await store.complete("b")
    assert await claim(store, "c", now=10**6) is None
    await store.close()


async def test_what_is_given_back_has_not_been_tried(opened: Opened) -> None:
    store = await opened()
    await running(store, "b", [1, 2])
    await claim(store, "a")
    await store.release(["a"])
    assert span(await claim(store, "b", now=1)) == ("b", 1, 4, 1)
    await store.close()


async def test_parts_of_a_chunk_are_tried_once_more(opened: Opened) -> None:
    store = await opened()
    await running(store, "b", [1, 2, 3, 4])
    for attempt, now in enumerate((0, 1000, 2000, 3000), 1):
        assert span(await claim(store, f"t{attempt}", now=now, until=now + 10)) == ("b", 1, 4, attempt)
    await store.split("t4", at=3)
    found = {span(await claim(store, name, now=3001, until=10**6)) for name in ("x", "y", "z")}
    assert found == {("b", 1, 2, 3), ("b", 3, 4, 3), None}
    await store.close()


async def test_batches_that_ended_have_no_chunks(opened: Opened) -> None:
    store = await opened()
    await running(store, "b", [1, 2, 3, 4, 5])
    await claim(store, "a", until=10)
    await store.cancel_batch("b", unix_ns=1)
    assert await store.renew(["a"], until_ns=99) == set()
    assert await claim(store, "b", now=1000) is None
    await store.expire(before_unix_ns=0, size_bytes=None)
    await store.close()


async def test_who_uses_a_queue_alone_takes_over_at_once(opened: Opened) -> None:
    store = await opened()
    await running(store, "b", [1])
    await claim(store, "a", now=1000, until=9000)
    await store.reopen()
    again = await claim(store, "b", now=1001, until=9000)
    shared = getattr(getattr(store, "_database", None), "shared", False)
    assert span(again) == (None if shared else ("b", 1, 4, 2))
    await store.close()
