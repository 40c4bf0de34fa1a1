"""Turns among the gradings of batches, for work on problems that runs something: a slot's time and memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from judge.errors import Overloaded
from judge.scheduling.admission import Admission, Draining, Priority, Ticket
from judge.scheduling.gradings import DeadlinePassed


class Turns:
    """Gives turns; one may last as long as a grading."""

    def __init__(self, admission: Admission, *, timeout_ns: int) -> None:
        self._admission = admission
        self._timeout_s = timeout_ns / 1e9

    @asynccontextmanager
    async def turn(self, what: str, memory_bytes: int) -> AsyncIterator[None]:
        """A turn of ``what``: "a verification". Raises DeadlinePassed when it lasts too long, and Draining."""
        try:
            async with await self._ticket(memory_bytes), asyncio.timeout(self._timeout_s) as timeout:
                yield
        except TimeoutError:
            if timeout.expired():
                message = f"{what} took longer than grading_timeout, {self._timeout_s:g} s"
                raise DeadlinePassed(message) from None
            raise

    async def _ticket(self, memory_bytes: int) -> Ticket:
        """A place in the queue, when there is one."""
        while True:
            try:
                return self._admission.admit(Priority.BATCH, memory_bytes)
            except Draining:
                raise
            except Overloaded as full:
                pause_s = full.retry_after_s
            await asyncio.sleep(pause_s)
