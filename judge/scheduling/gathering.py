"""Things that are handled together: gathered for a moment, then given to one call.

What costs much for one thing and little more for a hundred (a transaction, a look at the disk) waits here for company.
The moment begins with the first thing and ends early when many are there, or when whoever knows that no more will come
says so. While things are handled the next ones gather.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger()


class Gathering[T]:
    """Gives what is added to ``handle``, in order, one call at a time. Used from one event loop."""

    def __init__(self, handle: Callable[[list[T]], Awaitable[None]], *, moment_s: float, most: int) -> None:
        self._handle = handle
        self._moment_s = moment_s
        self._most = most  # things, after which nothing is waited for
        self._waiting: list[T] = []
        self._handling = 0  # things that were given to ``handle``, which has not ended
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """How many things are not done with."""
        return len(self._waiting) + self._handling

    def add(self, thing: T) -> None:
        """Adds a thing."""
        self._waiting.append(thing)
        if self._task is None:
            self._task = asyncio.create_task(self._work())
        if len(self._waiting) >= self._most:
            self._hurry.set()

    def hurry(self) -> None:
        """Says that waiting for more is of no use."""
        if self._waiting:
            self._hurry.set()

    async def settle(self) -> None:
        """Waits until everything is done with."""
        while self._task is not None:
            self.hurry()
            await asyncio.wait([self._task])

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._pass_moment()
                things, self._waiting = self._waiting, []
                self._handling = len(things)
                await self._handled(things)
                self._handling = 0
        finally:
            self._handling, self._task = 0, None

    async def _handled(self, things: list[T]) -> None:
        try:
            await self._handle(things)
        except Exception as error:  # those that gather meanwhile have nothing to do with it
            log.error("what was gathered could not be handled", things=len(things), exc_info=error)

    async def _pass_moment(self) -> None:
        try:
            async with asyncio.timeout(self._moment_s):
                await self._hurry.wait()
        except TimeoutError:
            pass
        self._hurry.clear()
