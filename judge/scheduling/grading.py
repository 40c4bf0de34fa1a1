"""One grading: a task, those who wait for it, and what it tells them.

Events are kept while anybody waits; afterwards only the last one is, under the number that it had.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from judge.errors import Cancelled, JudgeError
from judge.model.event import Event
from judge.model.report import Report


class Grading:
    """One grading and those who wait for it."""

    def __init__(self, request_id: str, content: str, work: str) -> None:
        self.request_id = request_id  # empty: nobody can join by it
        self.content = content  # a digest of what is graded
        self.work = work  # names what is graded, for others that grade the same; empty: they do it themselves
        self.leader: Grading | None = None  # the grading that this one waits for
        self.waiters = 0
        self.task: asyncio.Task[Report]
        self._events: list[Event] = []
        self._dropped = 0  # events forgotten at the front
        self._news: asyncio.Event | None = None  # of those who follow; None while nobody waits for news
        self._ended = asyncio.Event()
        self._stopped: JudgeError | None = None

    def begin(self, task: asyncio.Task[Report]) -> None:
        """Takes the task that grades."""
        self.task = task
        task.add_done_callback(self._end)

    def tell(self, event: Event) -> None:
        """Adds an event."""
        self._events.append(event)
        self._wake()

    def stop(self, reason: JudgeError) -> None:
        """Cancels the task; those who wait get ``reason``."""
        self._stopped = reason
        self.task.cancel()

    def forget_events(self) -> None:
        """Drops all events but the last."""
        self._dropped += len(self._events[:-1])
        del self._events[:-1]

    async def report(self) -> Report:
        """Waits for the report. Raises what the grading raised, or the reason of ``stop``."""
        await self._ended.wait()
        if self.task.cancelled():
            raise self._stopped or Cancelled("the grading was cancelled")
        return self.task.result()

    async def follow(self) -> AsyncIterator[tuple[int, Event]]:
        """Yields events with their numbers, from 1, to the end; then raises what ``report`` raises."""
        number = self._dropped
        while True:
            self._news = news = self._news or asyncio.Event()
            finished = self.task.done()
            for event in self._events[number - self._dropped :]:
                number += 1
                yield number, event
            if finished:
                break
            await news.wait()
        await self.report()

    def _end(self, task: asyncio.Task[Report]) -> None:
        if not task.cancelled():
            task.exception()  # marks it as seen: perhaps nobody waits any more
        self._ended.set()
        self._wake()

    def _wake(self) -> None:
        if self._news is not None:
            self._news.set()
            self._news = None
