"""The actor of a node: it owns the engine of its host and grades chunks of items.

The engine is opened by the first call and stays open as long as the actor's process; ``engine`` names what opens it,
``module:name``, called with the settings: an async context manager of a function that grades one submission, and how
many it takes at a time. More chunks than one may be there at once: their items stand in one queue.

An item that comes again while it is being graded, from a driver that was started anew say, joins that grading. What
has ended is not remembered here: the store of the node's engine knows it, and everything that its digest depends on.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack

from judge.batch.lines import Submission
from judge.batch.pump import Fault, Outcome
from judge.cluster import wire

Grade = Callable[[Submission], Awaitable[Outcome]]
OpenEngine = Callable[[dict[str, str]], AbstractAsyncContextManager[tuple[Grade, int]]]


class JudgeNode:
    """Made into a Ray actor by ``judge.cluster.connection``; used from one event loop."""

    def __init__(self, engine: str, settings: dict[str, str]) -> None:
        self._name = engine
        self._settings = settings
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._grade: Grade | None = None
        self._parallel = 0
        self._places = asyncio.Semaphore(1)  # replaced when the engine is open
        self._fault = ""
        self._running: dict[bytes, asyncio.Task[wire.Answer]] = {}  # by the key of the item

    async def hello(self) -> bytes:
        """Opens the engine, if need be, and tells of it: a ``wire.Hello``."""
        await self._open()
        hello = wire.Hello(
            revision=wire.REVISION,
            engine=self._name,
            settings=self._settings,
            parallel=self._parallel,
            busy=len(self._running),
            pid=os.getpid(),
            fault=self._fault,
        )
        return wire.encode(hello)

    async def grade(self, chunk: bytes) -> bytes:
        """Grades a chunk of ``wire.Item``; the answers are in its order."""
        await self._open()
        answers = await asyncio.gather(*map(self._answer, wire.decode_items(chunk)))
        return wire.encode(answers)

    async def close(self) -> None:
        """Closes the engine; what runs is lost."""
        await self._stack.aclose()

    async def _open(self) -> None:
        async with self._opening:
            if self._grade is not None:
                return
            _take_usual_priority()
            try:
                module, _, name = self._name.partition(":")
                opener: OpenEngine = getattr(importlib.import_module(module), name)
                self._grade, self._parallel = await self._stack.enter_async_context(opener(self._settings))
            except Exception as error:
                self._fault = f"{type(error).__name__}: {error}"
                return
            self._fault = ""
            self._places = asyncio.Semaphore(self._parallel)

    async def _answer(self, item: wire.Item) -> wire.Answer:
        key = item.key
        if key not in self._running:
            task = asyncio.create_task(self._run(item))
            self._running[key] = task
            task.add_done_callback(lambda _: self._running.pop(key, None))
        return await asyncio.shield(self._running[key])

    async def _run(self, item: wire.Item) -> wire.Answer:
        async with self._places:
            begin = time.monotonic()
            outcome = await self._outcome(item.submission)
            return wire.answer_of(outcome, time.monotonic() - begin)

    async def _outcome(self, line: Submission) -> Outcome:
        if self._grade is None:
            return Fault(message=self._fault, fatal=True)
        try:
            return await self._grade(line)
        except Exception as error:
            return Fault(message=f"{type(error).__name__}: {error}", fatal=False)


def _take_usual_priority() -> None:
    """Ray starts its workers with nice 15, which the calling thread, and processes that it starts, lose here.

    Without the right to, an engine that measures time says what it misses.
    """
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, 0)
