"""Admission: at most so many gradings run, at most so many wait, the others are refused at once.

There are two queues, first come first served, one for each priority, each with a bound of its own, so that a batch
cannot fill the queue that people wait in. A free slot goes to the interactive queue first; a batch grading starts
only while more than the reserved slots are free, and nobody interactive waits. A grading also needs the memory that its
problem allows: what runs at one time never may use more than there is. Nobody overtakes in a queue: one that needs much
memory waits until it is free, with those behind it.

A refusal says when a retry has a chance: the mean running time of the last gradings (one second before there are
any), times the length of the queue, divided by the number of slots, between 0.1 and 60 seconds.
"""

from __future__ import annotations

import asyncio
import enum
from collections import deque
from typing import NoReturn, Self

from judge.errors import EnvironmentFault, JudgeError, Overloaded
from judge.ports import Clock, Observer
from judge.units import NANOSECONDS, format_bytes

_RECENT = 32  # gradings whose running times are averaged
_ASSUMED_S = 1.0  # the running time assumed before any is known
_RETRY_MIN_S, _RETRY_MAX_S = 0.1, 60.0


class Priority(enum.StrEnum):
    """Which queue a grading waits in; in the order in which they are served."""

    INTERACTIVE = "interactive"
    BATCH = "batch"


class Draining(Overloaded):
    """The service is stopping: another replica, or this one after ``retry_after_s``, can take the request."""


class Ticket:
    """The place of one admitted grading: ``async with`` waits for a slot and gives it back."""

    def __init__(self, admission: Admission, priority: Priority, memory_bytes: int, admitted_ns: int) -> None:
        self.priority = priority
        self.memory_bytes = memory_bytes  # the most that it may use
        self.admitted_ns = admitted_ns  # monotonic
        self.started_ns: int | None = None  # monotonic; None while it waits
        self._admission = admission
        self._granted = asyncio.Event()

    def start(self, now_ns: int) -> None:
        """Grants the slot."""
        self.started_ns = now_ns
        self._granted.set()

    async def __aenter__(self) -> Self:
        """Waits for the slot; when the wait is cancelled the place is given up."""
        try:
            await self._granted.wait()
        except asyncio.CancelledError:
            self._admission.leave(self)
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Gives the slot back."""
        self._admission.leave(self)


class Admission:
    """The slots and the two queues before them. Used from one event loop."""

    def __init__(
        self,
        *,
        slots: int,
        reserved_slots: int,
        queue_limit: int,
        memory_bytes: int,
        clock: Clock,
        observer: Observer,
    ) -> None:
        self._slots = slots
        self._memory_bytes = memory_bytes
        self._used_bytes = 0  # by those that run
        self._reserved = reserved_slots
        self._queue_limit = queue_limit
        self._clock = clock
        self._observer = observer
        self._running = 0
        self._waiting: dict[Priority, deque[Ticket]] = {priority: deque() for priority in Priority}
        self._recent_ns: deque[int] = deque(maxlen=_RECENT)
        self._draining = False
        self._told: dict[Priority, int] = {}  # the gauges
        self._tell_depth()

    def admit(self, priority: Priority, memory_bytes: int = 0) -> Ticket:
        """Returns a place; it has its slot at once if one is free, and so much memory.

        Raises Overloaded, Draining after ``drain``, or EnvironmentFault when there is never so much memory.
        """
        if self._draining:
            self._refuse("draining", Draining("the service is stopping", retry_after_s=_RETRY_MIN_S))
        if memory_bytes > self._memory_bytes:
            self._refuse("memory", EnvironmentFault(_too_much(memory_bytes, self._memory_bytes)))
        queue = self._waiting[priority]
        ticket = Ticket(self, priority, memory_bytes, self._clock.monotonic_ns())
        if len(queue) >= self._queue_limit and (queue or not self._may_start(ticket)):
            message = f"{len(queue)} {priority} gradings wait already, as many as may"
            self._refuse("queue_full", Overloaded(message, retry_after_s=self._retry_after_s(priority)))
        queue.append(ticket)
        self._advance()
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Takes back a slot, or a place in the queue."""
        if ticket.started_ns is None:
            self._waiting[ticket.priority].remove(ticket)
        else:
            self._running -= 1
            self._used_bytes -= ticket.memory_bytes
            self._recent_ns.append(self._clock.monotonic_ns() - ticket.started_ns)
        self._advance()

    def resize(self, slots: int) -> None:
        """Sets the number of slots; what runs on more than that goes on."""
        self._slots = slots
        self._advance()

    def drain(self) -> None:
        """Admits nobody from now on; those who wait keep their places."""
        self._draining = True

    def _refuse(self, reason: str, error: JudgeError) -> NoReturn:
        self._observer.count("judge_rejected_total", {"reason": reason})
        raise error

    def _may_start(self, ticket: Ticket) -> bool:
        free = self._slots - self._running
        fits = self._used_bytes + ticket.memory_bytes <= self._memory_bytes
        return fits and free > (self._reserved if ticket.priority is Priority.BATCH else 0)

    def _advance(self) -> None:
        for queue in self._waiting.values():
            while queue and self._may_start(queue[0]):
                self._start(queue.popleft())
            if queue:
                break
        self._tell_depth()

    def _start(self, ticket: Ticket) -> None:
        now_ns = self._clock.monotonic_ns()
        self._running += 1
        self._used_bytes += ticket.memory_bytes
        ticket.start(now_ns)
        self._observer.observe("judge_queue_wait_seconds", {}, (now_ns - ticket.admitted_ns) / NANOSECONDS)

    def _tell_depth(self) -> None:
        for priority, queue in self._waiting.items():
            if self._told.get(priority) != len(queue):
                self._told[priority] = len(queue)
                self._observer.set("judge_queue_depth", {"priority": priority.value}, len(queue))

    def _retry_after_s(self, priority: Priority) -> float:
        recent = self._recent_ns
        mean_s = sum(recent) / len(recent) / NANOSECONDS if recent else _ASSUMED_S
        estimate = mean_s * (len(self._waiting[priority]) + 1) / self._slots
        return min(max(estimate, _RETRY_MIN_S), _RETRY_MAX_S)


def _too_much(wanted: int, there: int) -> str:
    found = f"may use {format_bytes(wanted)}, and all gradings together {format_bytes(there)}"
    return f"the grading {found}: lower the problem's memory limit or raise the setting 'memory'"
