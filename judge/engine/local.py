"""The engine on this machine: one worker process for each slot.

A grading goes to an idle slot and waits for one if there is none; whoever calls is expected to admit no more gradings
than there are slots. When its worker is lost, or its slot falls in doubt, the grading is repeated once, from the
beginning; a second loss is an InfrastructureError. When no slot works, because each one's last start failed, gradings
are refused with the reasons at once, also those that wait.

A grading may need that no other one runs. Then none is started until those that run have ended, and it is told; when
several need it, one after the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

import structlog

from judge.engine.slot import SlotState, Solitude, Timing, WorkerLost, WorkerSlot
from judge.errors import EnvironmentFault, InfrastructureError, SlotFault
from judge.model.event import Event
from judge.model.report import Report
from judge.ports import GradingRequest, Observer

log = structlog.get_logger()

_STATES = tuple(SlotState)


class LocalEngine:
    """The port ``Engine`` over worker processes; ``async with`` starts and ends them.

    ``command`` is a worker's command line; ``--slot N`` and ``--fd M`` are added. ``slots`` is how many there are.
    """

    def __init__(
        self, command: tuple[str, ...], *, slots: int, observer: Observer, timing: Timing | None = None
    ) -> None:
        self._observer = observer
        self._listener: Callable[[int], None] = _ignore
        self._working = 0
        self._starts = 0  # of workers, all slots together
        self._told: dict[SlotState, int] = {}  # the gauges
        self._news = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._ended = False
        self._slots = [
            WorkerSlot(number, (*command, "--slot", str(number)), timing or Timing(), observer, self._changed)
            for number in range(slots)
        ]

    async def __aenter__(self) -> Self:
        """Starts the workers; does not wait until they are ready."""
        for slot in self._slots:
            task = asyncio.create_task(slot.live(), name=f"slot {slot.number}")
            task.add_done_callback(_complain)
            self._tasks.append(task)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the workers; gradings that run or wait are lost."""
        self._ended = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._changed()

    def watch(self, listener: Callable[[int], None]) -> None:
        """Tells ``listener`` how many slots work: now, at each change, and when a worker was started anew."""
        self._listener = listener
        listener(self._working)

    def failures(self) -> list[str]:
        """Why slots do not work, one line for each that does not."""
        return [slot.failure for slot in self._slots if slot.failure]

    async def grade(self, request: GradingRequest, on_event: Callable[[Event], None]) -> Report:
        """Grades; cancelling the task kills the run. Raises what the grader raises, or InfrastructureError."""
        try:
            return await self._attempt(request, on_event)
        except (WorkerLost, SlotFault) as error:
            first = error
        log.warning("a grading is repeated", submission=request.submission_id, reason=str(first))
        try:
            return await self._attempt(request, on_event)
        except (WorkerLost, SlotFault) as second:
            raise InfrastructureError(f"the grading was lost twice: {first}; {second}") from second

    async def _attempt(self, request: GradingRequest, on_event: Callable[[Event], None]) -> Report:
        while True:
            if self._ended:
                raise InfrastructureError("the engine has ended")
            news = self._news
            idle = next((slot for slot in self._slots if slot.state is SlotState.IDLE), None)
            if idle is not None and not self._in_solitude():
                return await idle.grade(request, on_event)
            if len(self.failures()) == len(self._slots):
                raise EnvironmentFault(f"no slot works: {'; '.join(self.failures())}")
            await news.wait()

    def _in_solitude(self) -> bool:
        return any(slot.solitude is not Solitude.NONE for slot in self._slots)

    def _grant_solitude(self) -> None:
        """Tells one of those that wait to be alone that it is, when the others have ended or wait as well."""
        busy = [slot for slot in self._slots if slot.state is SlotState.BUSY]
        if busy and all(slot.solitude is Solitude.ASKED for slot in busy):
            busy[0].grant_solitude()

    def _changed(self) -> None:
        self._grant_solitude()
        self._news.set()
        self._news = asyncio.Event()
        self._tell_states()
        working = sum(slot.working for slot in self._slots)
        starts = sum(slot.starts for slot in self._slots)
        if (working, starts) != (self._working, self._starts):
            self._working, self._starts = working, starts
            self._listener(working)

    def _tell_states(self) -> None:
        states = [slot.state for slot in self._slots]
        for state in _STATES:
            count = states.count(state)
            if self._told.get(state) != count:
                self._told[state] = count
                self._observer.set("judge_slots", {"state": state.value}, count)


def _ignore(_: int) -> None:
    pass


def _complain(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a slot is lost for good", slot=task.get_name(), exc_info=error)
