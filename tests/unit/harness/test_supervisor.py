"""What a supervisor sees of a box and why it stops one: descriptors are real, the cgroup's counters are a twin's."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest

from judge.harness import protocol
from judge.model.run import Killer, Limits
from judge.ports import OracleReply
from judge.sandbox.conversation import Calling
from judge.sandbox.streams import MOMENT_NS, Capture, Frames, Lines
from judge.sandbox.supervisor import Supervisor
from judge.sandbox.watch import Watch

MINUTE = 60 * 10**9
LIMITS = Limits(cpu_ns=MINUTE, wall_ns=MINUTE, memory_bytes=1, output_bytes=100, answer_bytes=1000)


class Counters:
    """A cgroup's counters: each reading of the CPU counter is ``step`` ns later than the one before."""

    def __init__(self) -> None:
        self.cpu = 5 * 10**9
        self.step = 0
        self.kills = [3]  # the last one stays
        self.peak_resets = 0
        self.near = True
        self.waited = 0

    def cpu_ns(self) -> int:
        self.cpu += self.step
        return self.cpu

    def oom_kills(self) -> int:
        return self.kills.pop(0) if len(self.kills) > 1 else self.kills[0]

    def memory_peak_bytes(self) -> int:
        return 4096

    def is_near_limit(self, peak: int) -> bool:
        return self.near

    def waited_ns(self) -> int:
        return self.waited

    def reset_memory_peak(self) -> None:
        self.peak_resets += 1


@dataclass(kw_only=True)
class Stopper:
    """The port Interrupt."""

    descriptor: int = -1
    is_cancelled: bool = False
    deadline_ns: int | None = None

    def fileno(self) -> int:
        return self.descriptor

    def cancelled(self) -> bool:
        return self.is_cancelled


class Box:
    """The far ends of the descriptors, and what a box would do with them."""

    def __init__(self) -> None:
        ours, self.channel = socket.socketpair()
        pipes = [os.pipe() for _ in range(4)]
        (control, self.control), (stdout, self.stdout), (stderr, self.stderr), (self.jail, self._jail_w) = pipes
        self.lines = Lines(Frames(ours), Capture(control), Capture(stdout), Capture(stderr))
        self.counters = Counters()
        self.calling = Calling(forked=False, answer_bytes=1000)
        self._supervisor: Supervisor | None = None

    def answer(self, **fields: Any) -> None:
        frame = {"kind": protocol.ANSWER, "id": self.calling.identity, "value": b"\x05", "audit": None}
        self.channel.sendall(protocol.pack(frame | fields))

    def end(self, *, code: int | None = None, signal: int | None = None) -> None:
        """Ends as a box does: the channel is closed, init tells how, the jail is gone."""
        self.channel.close()
        os.write(self.control, protocol.pack({"kind": protocol.EXIT, "exit": code, "signal": signal}))
        self.vanish()

    def vanish(self) -> None:
        """Ends without a word of init's."""
        self.channel.close()
        os.close(self._jail_w)
        self._jail_w = -1

    def ask(self, limits: Limits = LIMITS, interrupt: Any = None) -> Watch:
        if self._supervisor is None:
            self._supervisor = Supervisor(self.lines, self.counters, self.jail, interrupt)  # type: ignore[arg-type]
        return self._supervisor.ask({"kind": protocol.CALL}, self.calling, limits)

    def close(self) -> None:
        self.lines.close()
        self.channel.close()
        for descriptor in (self.control, self.stdout, self.stderr, self.jail, self._jail_w):
            if descriptor >= 0:
                os.close(descriptor)


@pytest.fixture
def box() -> Iterator[Box]:
    made = Box()
    yield made
    made.close()


# --- what is seen -------------------------------------------------------------------------------------------------


def test_an_answer_ends_the_watch(box: Box) -> None:
    box.counters.step = 1000
    box.answer()
    watch = box.ask()
    assert (watch.killer, watch.gone, watch.protocol_error) == (None, False, None)
    assert box.calling.answer == b"\x05"
    assert protocol.receive(box.channel.fileno()) == {"kind": protocol.CALL}


def test_counters_are_differences_and_the_peak_is_reset(box: Box) -> None:
    box.counters.step, box.counters.kills = 1000, [3, 5]
    box.answer()
    watch = box.ask()
    assert watch.cpu_ns in range(1000, 5000, 1000)
    assert (watch.oom_kills, watch.memory_peak_bytes, box.counters.peak_resets) == (2, 4096, 2)
    assert watch.wall_ns > 0


def test_kills_are_counted_where_memory_came_near_its_limit_or_no_answer_came(box: Box) -> None:
    box.counters.kills, box.counters.near = [3, 5], False
    box.answer()
    assert box.ask().oom_kills == 0
    box.end(signal=9)
    assert box.ask().oom_kills == 2


def test_an_answer_within_a_moment_and_one_after_it_are_the_same(box: Box) -> None:
    for delay_ns in (0, 10 * MOMENT_NS):
        box.calling = Calling(forked=False, answer_bytes=1000)
        talker = threading.Timer(delay_ns / 1e9, box.answer)
        talker.start()
        watch = box.ask()
        talker.join()
        assert (watch.killer, watch.gone, box.calling.answer) == (None, False, b"\x05")


def test_limits_within_a_moment_are_kept(box: Box) -> None:
    watch = box.ask(replace(LIMITS, wall_ns=MOMENT_NS // 4))
    assert watch.killer is Killer.WALL


def test_the_end_of_a_box_is_told_by_its_init(box: Box) -> None:
    box.end(signal=11)
    watch = box.ask()
    assert (watch.gone, watch.exit_code, watch.signal, watch.killer) == (True, None, 11, None)


def test_a_box_that_ends_without_a_word_is_gone(box: Box) -> None:
    box.vanish()
    watch = box.ask()
    assert (watch.gone, watch.exit_code, watch.signal, watch.killer) == (True, None, None, None)


def test_what_a_box_sent_before_its_end_is_read(box: Box) -> None:
    box.answer(value=b"\xc6" + bytes(500))
    box.end(code=0)
    watch = box.ask()
    assert box.calling.answer == b"\xc6" + bytes(500)
    assert watch.killer is None


def test_what_is_printed_is_captured_beside_the_answer(box: Box) -> None:
    os.write(box.stdout, b"out")
    os.write(box.stderr, b"err")
    box.answer()
    box.ask()
    assert (box.lines.stdout.take().data, box.lines.stderr.take().data) == (b"out", b"err")


# --- oracles ------------------------------------------------------------------------------------------------------


class Slow:
    """The port Oracles: every answer is ``size`` bytes and takes 20 ms."""

    positions: ClassVar = {"pull": 0}

    def __init__(self, size: int = 1, budget: int = 1000) -> None:
        self.asked = 0
        self._size = size
        self._budget = budget

    def ask(self, name: str, question: bytes) -> OracleReply:
        self.asked += 1
        end = time.monotonic_ns() + 20_000_000
        while time.monotonic_ns() < end:
            continue
        if self.asked > self._budget:
            return OracleReply(stop=Killer.BUDGET, message="once more")
        return OracleReply(value=bytes(self._size))


def question(box: Box) -> dict[str, Any]:
    return {"kind": protocol.ASK, "id": box.calling.identity, "oracle": "pull", "arguments": b"\x90"}


def asking(box: Box, oracles: Slow, times: int) -> None:
    """Has the box ask so often, without waiting for a reply."""
    box.calling = Calling(forked=False, answer_bytes=1000, oracles=oracles)
    for _ in range(times):
        box.channel.sendall(protocol.pack(question(box)))


def test_a_question_is_answered_on_the_channel(box: Box) -> None:
    asking(box, Slow(), 2)
    box.answer()
    watch = box.ask()
    assert (watch.killer, box.calling.answer) == (None, b"\x05")
    frames = [protocol.receive(box.channel.fileno())["kind"] for _ in range(3)]
    assert frames == [protocol.CALL, protocol.REPLY, protocol.REPLY]


def test_the_time_of_an_answer_does_not_count(box: Box) -> None:
    oracles = Slow()
    asking(box, oracles, 5)
    box.answer()
    watch = box.ask(replace(LIMITS, wall_ns=60_000_000, cpu_ns=60_000_000))
    assert (watch.killer, oracles.asked) == (None, 5)
    assert watch.wall_ns < 60_000_000


def test_a_run_that_is_stopped_by_an_oracle_says_why(box: Box) -> None:
    asking(box, Slow(budget=2), 5)
    watch = box.ask()
    assert (watch.killer, watch.oracle_stop) == (Killer.BUDGET, "once more")


def test_nothing_is_read_while_a_reply_is_on_its_way(box: Box) -> None:
    """Replies of 8 MiB, which nobody reads: one is begun, and the questions behind it wait in the socket."""
    oracles = Slow(size=8 << 20)
    asking(box, oracles, 50)
    watch = box.ask(replace(LIMITS, wall_ns=50_000_000))
    assert (watch.killer, oracles.asked) == (Killer.WALL, 1)


def test_who_reads_a_reply_slowly_cannot_pile_up_questions_meanwhile(box: Box) -> None:
    """A reply of 16 MiB is taken bit by bit while questions are sent as fast as they go."""
    asking(box, Slow(size=16 << 20, budget=1), 1)
    box.channel.setblocking(False)
    flood, sent, taken = protocol.pack(question(box)) * 500, 0, 0

    def talk() -> None:
        nonlocal sent, taken
        while taken < 16 << 20:
            with suppress(BlockingIOError):
                taken += len(box.channel.recv(1 << 16))
            with suppress(BlockingIOError):
                sent += box.channel.send(flood)

    talker = threading.Thread(target=talk)
    talker.start()
    watch = box.ask()
    talker.join()
    assert watch.killer in (Killer.BUDGET, Killer.PROTOCOL)  # a question that was cut in two is none
    assert sent < 1 << 20


def test_questions_that_wait_are_answered_when_the_reply_has_been_read(box: Box) -> None:
    oracles = Slow(size=1 << 20)
    asking(box, oracles, 3)
    received: list[str] = []

    def read() -> None:
        received.extend(protocol.receive(box.channel.fileno())["kind"] for _ in range(4))
        box.answer()

    reader = threading.Thread(target=read)
    reader.start()
    watch = box.ask()
    reader.join()
    assert (watch.killer, oracles.asked, box.calling.answer) == (None, 3, b"\x05")
    assert received == [protocol.CALL, *[protocol.REPLY] * 3]


# --- why it is stopped --------------------------------------------------------------------------------------------


def test_cpu_time_is_the_counters(box: Box) -> None:
    box.counters.step = 10**9
    watch = box.ask(replace(LIMITS, cpu_ns=10**9))
    assert watch.killer is Killer.CPU
    assert watch.cpu_ns > 10**9


def test_wall_time_is_a_guard(box: Box) -> None:
    assert box.ask(replace(LIMITS, wall_ns=1)).killer is Killer.WALL


def test_a_run_that_waits_for_a_core_is_not_idle(box: Box) -> None:
    """On a machine with too much to do, a run of 1 s got 0.2 s in 4 s and was stopped as idle."""
    limits = replace(LIMITS, wall_ns=10**6, cpu_ns=10**6)
    box.counters.step = 40_000  # less than a tenth of the time
    box.counters.waited = MINUTE
    assert box.ask(limits).killer is Killer.CPU


def test_a_run_that_neither_computes_nor_waits_for_a_core_is_idle(box: Box) -> None:
    box.counters.step = 40_000
    assert box.ask(replace(LIMITS, wall_ns=10**6, cpu_ns=10**6)).killer is Killer.WALL


def test_a_guard_below_the_cpu_limit_is_meant_as_it_stands(box: Box) -> None:
    box.counters.waited = MINUTE
    assert box.ask(replace(LIMITS, wall_ns=1, cpu_ns=10**9)).killer is Killer.WALL


def test_printing_too_much_is_stopped(box: Box) -> None:
    os.write(box.stdout, b"x" * 60)
    os.write(box.stderr, b"x" * 60)
    assert box.ask().killer is Killer.OUTPUT


def test_a_frame_that_is_too_long_is_stopped_before_it_has_come(box: Box) -> None:
    box.channel.sendall(protocol.HEADER.pack(1 << 31))
    assert box.ask().killer is Killer.ANSWER


@pytest.mark.parametrize(
    "sent",
    [protocol.HEADER.pack(1) + b"\xc1", protocol.pack({"kind": "ready"}), protocol.pack({"kind": "answer", "id": 1})],
)
def test_what_is_no_answer_is_stopped(box: Box, sent: bytes) -> None:
    box.channel.sendall(sent)
    watch = box.ask()
    assert watch.killer is Killer.PROTOCOL
    assert watch.protocol_error


def test_an_answer_to_a_guessed_question_is_stopped(box: Box) -> None:
    box.answer(id=box.calling.identity + 1)
    assert box.ask().killer is Killer.PROTOCOL
    assert box.calling.answer is None


def test_a_cancelled_grading_is_stopped_before_anything_else(box: Box) -> None:
    watch = box.ask(replace(LIMITS, wall_ns=1, cpu_ns=-1), Stopper(is_cancelled=True, deadline_ns=1))
    assert watch.killer is Killer.CANCELLED


def test_a_deadline_that_passed_comes_before_the_limits(box: Box) -> None:
    assert box.ask(replace(LIMITS, wall_ns=1, cpu_ns=-1), Stopper(deadline_ns=1)).killer is Killer.DEADLINE


def test_an_interrupt_that_is_not_used_changes_nothing(box: Box) -> None:
    box.answer()
    reader, writer = os.pipe()
    try:
        assert box.ask(interrupt=Stopper(descriptor=reader)).killer is None
    finally:
        os.close(reader)
        os.close(writer)
