"""Places for work that clients wait for: so many at a time, none once the service stops.

Work that is under way when the service stops is cancelled, and its client told why.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, NoReturn

from judge.errors import Overloaded
from judge.ports import Observer
from judge.scheduling.admission import Draining

_RETRY_AFTER_S = 5.0


class Places:
    """The places of one sort of work, of which ``reason`` is the name: "registrations"."""

    def __init__(self, reason: str, limit: int, observer: Observer) -> None:
        self._reason = reason
        self._limit = limit
        self._observer = observer
        self._running: set[asyncio.Task[Any]] = set()
        self._draining = False

    async def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        """What ``work`` gives. Raises Overloaded, Draining and whatever it raises."""
        try:
            self._admit()
        except Overloaded:
            work.close()
            raise
        task = asyncio.create_task(work)
        self._running.add(task)
        try:
            await asyncio.wait([task])
        finally:
            task.cancel()
            await asyncio.wait([task])
            self._running.discard(task)
        if task.cancelled() and self._draining:
            raise Draining("the service is stopping, the call was cancelled", retry_after_s=0.1)
        return await task

    async def drain(self) -> None:
        """Refuses new work, cancels what is under way, and waits for its end."""
        self._draining = True
        tasks = list(self._running)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _admit(self) -> None:
        if self._draining:
            self._refuse("draining", Draining("the service is stopping", retry_after_s=_RETRY_AFTER_S))
        if len(self._running) >= self._limit:
            message = f"expected at most {self._limit} {self._reason} at a time, found as many under way"
            self._refuse(self._reason, Overloaded(message, retry_after_s=_RETRY_AFTER_S))

    def _refuse(self, reason: str, error: Overloaded) -> NoReturn:
        self._observer.count("judge_rejected_total", {"reason": reason})
        raise error
