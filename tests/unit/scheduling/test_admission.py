"""Admission: who runs, who waits, who is refused, and what they are told."""

from __future__ import annotations

import asyncio

import pytest

from judge.errors import EnvironmentFault, Overloaded
from judge.scheduling.admission import Admission, Draining, Priority, Ticket
from judge.twins import ManualClock, RecordingObserver
from judge.units import NANOSECONDS

INTERACTIVE, BATCH = Priority.INTERACTIVE, Priority.BATCH


class Desk:
    """An admission with a clock and an observer in hand."""

    def __init__(self, *, slots: int = 1, reserved_slots: int = 0, queue_limit: int = 8, memory: int = 0) -> None:
        self.clock = ManualClock()
        self.observer = RecordingObserver()
        self.admission = Admission(
            slots=slots,
            reserved_slots=reserved_slots,
            queue_limit=queue_limit,
            memory_bytes=memory,
            clock=self.clock,
            observer=self.observer,
        )

    def admit(self, *priorities: Priority) -> list[Ticket]:
        return [self.admission.admit(priority) for priority in priorities]

    def depth(self, priority: Priority) -> float | None:
        return self.observer.gauge("judge_queue_depth", priority=priority.value)


def running(tickets: list[Ticket]) -> list[bool]:
    return [ticket.started_ns is not None for ticket in tickets]


async def test_as_many_run_as_there_are_slots() -> None:
    desk = Desk(slots=2)
    tickets = desk.admit(INTERACTIVE, INTERACTIVE, INTERACTIVE)
    assert running(tickets) == [True, True, False]
    assert desk.depth(INTERACTIVE) == 1
    desk.admission.leave(tickets[0])
    assert running(tickets) == [True, True, True]
    assert desk.depth(INTERACTIVE) == 0


async def test_first_come_first_served_within_a_priority() -> None:
    desk = Desk()
    tickets = desk.admit(INTERACTIVE, INTERACTIVE, INTERACTIVE, INTERACTIVE)
    order = []
    for ticket in tickets:
        order.append(running(tickets).count(True))
        desk.admission.leave(ticket)
    assert order == [1, 2, 3, 4]


async def test_interactive_goes_before_batch() -> None:
    desk = Desk()
    first, batch, interactive = desk.admit(BATCH, BATCH, INTERACTIVE)
    desk.admission.leave(first)
    assert running([batch, interactive]) == [False, True]
    desk.admission.leave(interactive)
    assert running([batch]) == [True]


async def test_batches_leave_the_reserved_slots_free() -> None:
    desk = Desk(slots=3, reserved_slots=1)
    batches = desk.admit(BATCH, BATCH, BATCH)
    assert running(batches) == [True, True, False]
    (interactive,) = desk.admit(INTERACTIVE)
    assert running([interactive]) == [True]
    desk.admission.leave(interactive)
    assert running(batches) == [True, True, False]
    desk.admission.leave(batches[0])
    assert running(batches) == [True, True, True]


async def test_a_full_queue_refuses_and_the_other_queue_does_not() -> None:
    desk = Desk(queue_limit=1)
    desk.admit(BATCH, BATCH)
    with pytest.raises(Overloaded, match="1 batch gradings wait already, as many as may"):
        desk.admit(BATCH)
    desk.admit(INTERACTIVE)
    with pytest.raises(Overloaded):
        desk.admit(INTERACTIVE)
    assert desk.observer.counted("judge_rejected_total", reason="queue_full") == 2


async def test_without_a_queue_a_free_slot_is_still_given() -> None:
    desk = Desk(slots=1, queue_limit=0)
    (ticket,) = desk.admit(INTERACTIVE)
    assert running([ticket]) == [True]
    with pytest.raises(Overloaded):
        desk.admit(INTERACTIVE)


@pytest.mark.parametrize(("duration_s", "expected_s"), [(4, 4 * 3 / 2), (0.001, 0.1), (1000, 60.0)])
async def test_a_refusal_estimates_from_recent_gradings(duration_s: float, expected_s: float) -> None:
    desk = Desk(slots=2, queue_limit=2)
    (ticket,) = desk.admit(INTERACTIVE)
    desk.clock.advance(int(duration_s * NANOSECONDS))
    desk.admission.leave(ticket)
    desk.admit(INTERACTIVE, INTERACTIVE, INTERACTIVE, INTERACTIVE)
    with pytest.raises(Overloaded) as caught:
        desk.admit(INTERACTIVE)
    assert caught.value.retry_after_s == pytest.approx(expected_s)


async def test_before_any_grading_a_second_is_assumed() -> None:
    desk = Desk(slots=1, queue_limit=3)
    desk.admit(*[INTERACTIVE] * 4)
    with pytest.raises(Overloaded) as caught:
        desk.admit(INTERACTIVE)
    assert caught.value.retry_after_s == 4.0


async def test_the_wait_is_observed() -> None:
    desk = Desk()
    first, _ = desk.admit(INTERACTIVE, INTERACTIVE)
    desk.clock.advance(2 * NANOSECONDS)
    desk.admission.leave(first)
    assert desk.observer.observed("judge_queue_wait_seconds") == [0.0, 2.0]


async def test_a_ticket_waits_and_gives_back() -> None:
    desk = Desk()
    first, second = desk.admit(INTERACTIVE, INTERACTIVE)
    entered = asyncio.Event()

    async def use(ticket: Ticket) -> None:
        async with ticket:
            entered.set()

    waiting = asyncio.create_task(use(second))
    async with first:
        await asyncio.sleep(0)
        assert not entered.is_set()
    await waiting
    assert running(desk.admit(INTERACTIVE)) == [True]


async def test_a_cancelled_wait_gives_up_the_place() -> None:
    desk = Desk()
    first, second, third = desk.admit(INTERACTIVE, INTERACTIVE, INTERACTIVE)

    async def use(ticket: Ticket) -> None:
        async with ticket:
            raise AssertionError("the slot was never free")

    waiting = asyncio.create_task(use(second))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert waiting.cancelled()
    desk.admission.leave(first)
    assert running([second, third]) == [False, True]


async def test_a_wait_cancelled_as_the_slot_comes_gives_the_slot_back() -> None:
    desk = Desk()
    first, second, third = desk.admit(INTERACTIVE, INTERACTIVE, INTERACTIVE)

    async def use(ticket: Ticket) -> None:
        async with ticket:
            await asyncio.sleep(0)

    waiting = asyncio.create_task(use(second))
    await asyncio.sleep(0)
    desk.admission.leave(first)  # grants the second, whose task has not run yet
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert running([third]) == [True]


async def test_draining_refuses_the_new_and_keeps_the_old() -> None:
    desk = Desk()
    first, second = desk.admit(INTERACTIVE, INTERACTIVE)
    desk.admission.drain()
    with pytest.raises(Draining, match="stopping"):
        desk.admit(INTERACTIVE)
    desk.admission.leave(first)
    assert running([second]) == [True]
    assert desk.observer.counted("judge_rejected_total", reason="draining") == 1


async def test_more_slots_let_more_run() -> None:
    desk = Desk(slots=1)
    tickets = desk.admit(INTERACTIVE, INTERACTIVE, INTERACTIVE)
    desk.admission.resize(3)
    assert running(tickets) == [True, True, True]
    desk.admission.resize(1)
    (late,) = desk.admit(INTERACTIVE)
    desk.admission.leave(tickets[0])
    assert running([late]) == [False]


# --- memory ---------------------------------------------------------------------------------------------------------


async def test_what_runs_never_may_use_more_memory_than_there_is() -> None:
    desk = Desk(slots=4, memory=10)
    tickets = [desk.admission.admit(INTERACTIVE, size) for size in (6, 4, 1)]
    assert running(tickets) == [True, True, False]
    desk.admission.leave(tickets[1])
    assert running(tickets) == [True, True, True]


async def test_nobody_overtakes_one_that_waits_for_memory() -> None:
    desk = Desk(slots=4, memory=10)
    first, large, small = (desk.admission.admit(INTERACTIVE, size) for size in (6, 8, 1))
    batch = desk.admission.admit(BATCH, 1)
    assert running([first, large, small, batch]) == [True, False, False, False]
    desk.admission.leave(first)
    assert running([large, small, batch]) == [True, True, True]


async def test_one_that_never_fits_is_refused_with_what_to_do() -> None:
    desk = Desk(slots=4, memory=10 << 20)
    with pytest.raises(EnvironmentFault, match=r"may use 11 MiB, .* 10 MiB: lower .* or raise the setting 'memory'"):
        desk.admission.admit(INTERACTIVE, 11 << 20)
    assert desk.observer.counted("judge_rejected_total", reason="memory") == 1
    assert running(desk.admit(INTERACTIVE)) == [True]
