"""Forgetting: at the start and every ten minutes, what is older than a limit, and the oldest above a size."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from judge.errors import JudgeError
from judge.ports import Clock, Observer, ResultStore

log = structlog.get_logger()

_EVERY_S = 600.0


@asynccontextmanager
async def retention(
    store: ResultStore, clock: Clock, observer: Observer, *, age_ns: int, size_bytes: int
) -> AsyncIterator[None]:
    """Forgets while the context lasts. An age or a size of 0 is no limit."""
    task = asyncio.create_task(_keep_forgetting(store, clock, observer, age_ns, size_bytes))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def forget(store: ResultStore, clock: Clock, *, age_ns: int, size_bytes: int) -> int:
    """Forgets once; returns how many reports went."""
    before_ns = clock.unix_ns() - age_ns if age_ns else 0
    return await store.expire(before_unix_ns=before_ns, size_bytes=size_bytes or None)


async def _keep_forgetting(store: ResultStore, clock: Clock, observer: Observer, age_ns: int, size_bytes: int) -> None:
    while True:
        try:
            gone = await forget(store, clock, age_ns=age_ns, size_bytes=size_bytes)
            log.info("reports forgotten", reports=gone)
        except JudgeError as error:
            observer.count("judge_store_faults_total", {"operation": "expire"})
            log.error("the store failed", operation="expire", reason=str(error))
        await asyncio.sleep(_EVERY_S)
