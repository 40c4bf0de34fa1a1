"""Verifications: at most so many at a time, each taking its turns among the gradings of batches.

A verification holds a slot only while it runs something, and gives it back in between: gradings of the interactive
priority overtake it, those of batches take turns with it. What it tells waits here for its client, however slowly that
reads, so that no slot is held for a client.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import NoReturn, Protocol

from judge.errors import Overloaded, SpecError
from judge.model.finding import Finding, Step
from judge.model.problem import memory_needed
from judge.ports import Observer
from judge.rpc.problems import Problems
from judge.rpc.status import Unimplemented
from judge.rpc.turns import Turns
from judge.scheduling.admission import Draining

_RETRY_AFTER_S = 5.0

Turn = Callable[[], AbstractAsyncContextManager[None]]
Tell = Callable[[Finding | Step], None]


class Verifier(Protocol):
    """Verifies problems of the catalogue."""

    @property
    def rules(self) -> Collection[str]:
        """The names of its rules."""
        ...

    async def verify(self, problem: str, level: str, rules: tuple[str, ...], turn: Turn, tell: Tell) -> None:
        """Checks the rules of that level, or those named; enters ``turn`` for whatever needs a core.

        When it is cancelled it leaves nothing behind. Raises SpecError and InfrastructureError.
        """
        ...


class NoVerifier:
    """Verifies nothing: for services that have no sandbox of their own."""

    rules: Collection[str] = ()

    async def verify(self, problem: str, level: str, rules: tuple[str, ...], turn: Turn, tell: Tell) -> NoReturn:
        """Raises Unimplemented."""
        raise Unimplemented("this service verifies no problems")


@dataclass(frozen=True, slots=True)
class _End:
    """The end of a verification."""

    error: BaseException | None


_Queue = asyncio.Queue[Finding | Step | _End]


class Verifications:
    """Those that run."""

    def __init__(
        self,
        verifier: Verifier,
        problems: Problems,
        turns: Turns,
        observer: Observer,
        *,
        limit: int,
    ) -> None:
        self._verifier = verifier
        self._problems = problems
        self._turns = turns
        self._observer = observer
        self._limit = limit
        self._running: dict[asyncio.Task[None], _Queue] = {}
        self._draining = False

    @property
    def rules(self) -> Collection[str]:
        """The names of the rules."""
        return self._verifier.rules

    async def run(self, slug: str, level: str, rules: tuple[str, ...]) -> AsyncGenerator[Finding | Step]:
        """Yields what a verification tells; closing it ends the work.

        Raises UnknownProblem, SpecError, Overloaded, Draining, DeadlinePassed and InfrastructureError.
        """
        memory_bytes = await self._memory_of(slug)
        self._admit()
        queue: _Queue = asyncio.Queue()

        def turn() -> AbstractAsyncContextManager[None]:
            return self._turns.turn("a step of the verification", memory_bytes)

        task = asyncio.create_task(self._verifier.verify(slug, level, rules, turn, queue.put_nowait))
        self._running[task] = queue
        task.add_done_callback(self._ended)
        try:
            while not isinstance(told := await queue.get(), _End):
                yield told
            if told.error is not None:
                raise told.error
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def drain(self) -> None:
        """Refuses new ones, ends those that run, and waits for their end."""
        self._draining = True
        stopping = Draining("the service is stopping, the verification was cancelled", retry_after_s=0.1)
        tasks = list(self._running)
        for task in tasks:
            self._running[task].put_nowait(_End(stopping))
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _admit(self) -> None:
        if self._draining:
            self._refuse("draining", Draining("the service is stopping", retry_after_s=_RETRY_AFTER_S))
        if len(self._running) >= self._limit:
            message = f"{len(self._running)} verifications run already, as many as may"
            self._refuse("verifications", Overloaded(message, retry_after_s=_RETRY_AFTER_S))

    def _refuse(self, reason: str, error: Overloaded) -> NoReturn:
        self._observer.count("judge_rejected_total", {"reason": reason})
        raise error

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        self._running.pop(task).put_nowait(_End(error))

    async def _memory_of(self, slug: str) -> int:
        """The most that a grading of the problem may use; of one that does not load nothing runs."""
        try:
            return memory_needed(await self._problems.get(slug))
        except SpecError:
            return 0
