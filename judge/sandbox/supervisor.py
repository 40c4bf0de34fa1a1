"""The supervisor of a box: it asks one question, watches the clock and the counters, and stops what goes too far.

Everything it believes comes from outside the box: the cgroup's CPU counter and OOM counter, the monotonic clock, the
number of bytes that arrived. What arrives on the channel is parsed by ``Conversation`` with limits and is data. The
poll sleeps exactly until the earliest moment at which a limit can be reached: a slot has one core, so CPU time cannot
grow faster than the clock. For the same reason the counter is read only when that moment has come.

Most answers come within a moment, in which no limit can be reached: only the channel is looked at as long."""

from __future__ import annotations

import select
import time
from collections.abc import Generator, Iterator
from typing import Any

from judge.harness import protocol, wire
from judge.model.run import Killer, Limits
from judge.ports import Interrupt
from judge.sandbox.cgroup import Cgroup
from judge.sandbox.streams import MOMENT_NS, Lines, TooLargeError, decode_frame
from judge.sandbox.watch import COMPUTING, Conversation, Stopped, Watch, guard_ns

_MILLISECOND = 1_000_000
_LONG_NS = 8 * MOMENT_NS  # beyond any moment, however coarse the kernel's clock is
_GRACE_MS = 1000  # for the kernel to close the channel of a box that has ended


Watching = Generator[int, set[int], Watch]  # yields when it must be woken at the latest, gets what can be read


class Supervisor:
    """Watches one box from its start to its end."""

    def __init__(self, lines: Lines, cgroup: Cgroup, jail: int, interrupt: Interrupt | None) -> None:
        self._lines = lines
        self._cgroup = cgroup
        self._jail = jail  # pidfd: readable when the jail has ended
        self._interrupt = interrupt
        self._counted: tuple[int, int] | None = None  # CPU time and OOM kills charged so far: of calls, and between
        self._replying = False  # a reply is on its way: nothing is read meanwhile
        self._replying_ns = 0  # spent on replies during this run; the box waits, and it is not its time
        self._excused_ns = 0  # added to the guard on wall time
        self._stop: Killer | None = None  # why somebody else wants the run to end
        self._held = False  # what it prints is left in the pipe
        self._poller = lines.poller
        self._channel = lines.frames.descriptor
        self._open = {self._channel, lines.control.descriptor, lines.stdout.descriptor, lines.stderr.descriptor}
        self._awaited = select.EPOLLIN  # of the channel
        for descriptor in [*self._open, jail]:
            self._poller.register(descriptor, select.EPOLLIN)
        if interrupt is not None and interrupt.fileno() >= 0:
            self._poller.register(interrupt.fileno(), select.EPOLLIN)

    def ask(self, message: dict[str, Any] | None, conversation: Conversation, limits: Limits) -> Watch:
        """Sends ``message`` and watches until the conversation is over, a limit is reached or the box has ended."""
        return self.drive(self.watch(message, conversation, limits))

    def drive[T](self, watching: Generator[int, set[int], T]) -> T:
        """Watches this box alone, to the end."""
        try:
            until = next(watching)
            while True:
                until = watching.send(self._ready(until - time.monotonic_ns()))
        except StopIteration as end:
            result: T = end.value
            return result

    def watch(self, message: dict[str, Any] | None, conversation: Conversation, limits: Limits) -> Watching:
        """As ``ask``, but the caller waits: it is told until when, and sends what can be read."""
        watch = Watch()
        cgroup, frames = self._cgroup, self._lines.frames
        cpu_before, oom_before = self._counted or self._begin()
        begin, self._replying_ns, self._excused_ns = time.monotonic_ns(), 0, 0
        frames.answer_bytes = limits.answer_bytes
        if message is not None:
            frames.post(message)
            self._send()
        # what had come before the question answers another one
        over = self._converse(watch, conversation) or (
            self._lines.stdin is None and self._hear_soon(watch, conversation, begin, limits)
        )
        left, due = limits.cpu_ns, begin + limits.cpu_ns  # of CPU time, and when it can be used up at the earliest
        wall_end = begin + limits.wall_ns
        soon = over
        while not over and watch.killer is None:
            ready = yield min(due, wall_end + self._waited_ns, *self._deadlines())
            over = self._handle(ready, watch, conversation)
            if not over and watch.killer is None:
                if (now := time.monotonic_ns()) >= min(due, wall_end + self._waited_ns):
                    used = cgroup.cpu_ns() - cpu_before
                    left = limits.cpu_ns - used
                    due, wall_end = now + left, begin + guard_ns(limits, used)
                    if now >= wall_end + self._waited_ns:
                        wall_end = begin + guard_ns(limits, used, cgroup.waited_ns())
                watch.killer = self._exceeded(limits, left, wall_end + self._waited_ns, ready)
        watch.wall_ns = time.monotonic_ns() - begin - self._replying_ns
        self._count(watch, cpu_before, oom_before, answered=soon)
        self.hold_output(held=False)
        self._read_streams(self._ready(0))
        return watch

    def _begin(self) -> tuple[int, int]:
        """Begins to count; the peak is measured from now on."""
        self._cgroup.reset_memory_peak()
        return self._cgroup.cpu_ns(), self._cgroup.oom_kills()

    def _count(self, watch: Watch, cpu_before: int, oom_before: int, *, answered: bool) -> None:
        """Reads the counters. What happens from here to the next question counts for its answer."""
        cgroup = self._cgroup
        cpu_now = cgroup.cpu_ns()
        watch.memory_peak_bytes = cgroup.memory_peak_bytes()
        cgroup.reset_memory_peak()
        spared = answered and not cgroup.is_near_limit(watch.memory_peak_bytes)
        oom_now = oom_before if spared else cgroup.oom_kills()
        watch.cpu_ns, watch.oom_kills = cpu_now - cpu_before, oom_now - oom_before
        self._counted = cpu_now, oom_now

    def _hear_soon(self, watch: Watch, conversation: Conversation, begin: int, limits: Limits) -> bool:
        """Takes what comes within a moment; returns whether the conversation is over.

        Other descriptors are looked at afterwards; the end of the box is the end of the channel.
        """
        frames = self._lines.frames
        if min(begin + limits.cpu_ns, begin + limits.wall_ns, *self._deadlines()) < begin + _LONG_NS:
            return False
        end = begin + MOMENT_NS
        while watch.killer is None and not frames.sending and time.monotonic_ns() < end and frames.read_soon():
            if self._converse(watch, conversation):
                return True
        return False

    @property
    def _waited_ns(self) -> int:
        return self._replying_ns + self._excused_ns

    @property
    def cpu_ns(self) -> int:
        """The counter of the slot's CPU time."""
        return self._cgroup.cpu_ns()

    @property
    def waited_ns(self) -> int:
        """How long the slot's living threads have waited for a core."""
        return self._cgroup.waited_ns()

    def stop(self, killer: Killer) -> None:
        """Has the run end at the next step, unless it ends by itself."""
        self._stop = killer

    def excuse(self, spent_ns: int, waited_ns: int) -> None:
        """Says how much CPU time another program has used, and waited for, for which the run may have waited.

        As with its own CPU time, waiting for one that computes for a tenth of the time is never against it.
        """
        self._excused_ns = COMPUTING * spent_ns + waited_ns

    def hold_output(self, *, held: bool) -> None:
        """Leaves what it prints in the pipe for now, or reads it again."""
        descriptor = self._lines.stdout.descriptor
        if held != self._held and descriptor in self._open:
            self._held = held
            if held:
                self._poller.unregister(descriptor)
            else:
                self._poller.register(descriptor, select.EPOLLIN)

    def ready(self) -> set[int]:
        """What can be read now."""
        return self._ready(0)

    def _ready(self, patience_ns: int) -> set[int]:
        """Returns what can be read now, or within so long; the kernel's clock for this has steps of 1 ms."""
        patience_ms = -(-patience_ns // _MILLISECOND)
        seconds = (patience_ms - 0.5) / 1000 if patience_ms > 0 else 0.0  # it is rounded up
        return {descriptor for descriptor, _ in self._poller.poll(seconds)}

    def _handle(self, ready: set[int], watch: Watch, conversation: Conversation) -> bool:
        """Takes what can be read; returns whether the run is over."""
        lines = self._lines
        self._read_streams(ready)
        if self._channel in ready and self._talk(watch, conversation):
            return True
        if lines.control.descriptor in ready:
            self._read_control(watch)
        if self._jail in ready and not watch.gone:
            self._read_control(watch)
            watch.gone = True
        if watch.gone:
            self._talk_to_end(watch, conversation)
        elif watch.renewable:
            self._talk_out(watch, conversation)
        return watch.gone or watch.renewable

    def _exceeded(self, limits: Limits, cpu_left: int, wall_end: int, ready: set[int]) -> Killer | None:
        interrupt, now = self._interrupt, time.monotonic_ns()
        if interrupt is not None and (interrupt.fileno() in ready or interrupt.fileno() < 0) and interrupt.cancelled():
            return Killer.CANCELLED
        if any(end <= now for end in self._deadlines()):
            return Killer.DEADLINE
        if self._stop is not None:
            return self._stop
        if cpu_left <= 0:
            return Killer.CPU
        if now >= wall_end:
            return Killer.WALL
        if self._lines.stdout.total_bytes + self._lines.stderr.total_bytes > limits.output_bytes:
            return Killer.OUTPUT
        return None

    def _deadlines(self) -> Iterator[int]:
        if self._interrupt is not None and self._interrupt.deadline_ns is not None:
            yield self._interrupt.deadline_ns

    def _read_streams(self, ready: set[int]) -> None:
        for stream in (self._lines.stdout, self._lines.stderr):
            if stream.descriptor in ready and not stream.read():
                self._forget(stream.descriptor)

    def _send(self) -> None:
        frames = self._lines.frames
        frames.flush()
        self._replying = self._replying and frames.sending
        awaited = (0 if self._replying else select.EPOLLIN) | (select.EPOLLOUT if frames.sending else 0)
        if awaited != self._awaited and self._channel in self._open:
            self._poller.modify(self._channel, awaited)
            self._awaited = awaited

    def _talk(self, watch: Watch, conversation: Conversation) -> bool:
        """Sends and receives; True when the conversation is over."""
        frames = self._lines.frames
        if frames.sending:
            self._send()
        if self._replying:
            return False
        if not frames.read():
            self._forget(self._channel)
        return self._converse(watch, conversation)

    def _converse(self, watch: Watch, conversation: Conversation) -> bool:
        try:
            while not self._replying and (frame := self._lines.frames.next()) is not None:
                begin = time.monotonic_ns()
                turn = conversation.take(frame)
                if turn is True:
                    return True
                if turn:
                    self._reply(turn, begin)
        except Stopped as stop:
            watch.killer, watch.oracle_stop = stop.killer, str(stop)
        except TooLargeError:
            watch.killer = Killer.ANSWER
        except wire.WireError as error:
            watch.killer, watch.protocol_error = Killer.PROTOCOL, str(error)
        return False

    def _reply(self, message: dict[str, Any], begin: int) -> None:
        """Sends a reply that was begun at ``begin``."""
        self._lines.frames.post(message)
        self._replying = True
        self._send()
        self._replying_ns += time.monotonic_ns() - begin

    def _talk_to_end(self, watch: Watch, conversation: Conversation) -> None:
        """Reads what a box that has ended had sent before."""
        poller = select.poll()
        poller.register(self._channel, select.POLLIN)
        while self._channel in self._open and poller.poll(_GRACE_MS):
            if self._talk(watch, conversation) or watch.killer is not None:
                return

    def _talk_out(self, watch: Watch, conversation: Conversation) -> None:
        """Reads what a process that has ended had sent before; its channel stays open for the next one."""
        poller = select.poll()
        poller.register(self._channel, select.POLLIN)
        while self._channel in self._open and poller.poll(0) and watch.killer is None:
            self._talk(watch, conversation)
        if self._lines.frames.incomplete and watch.killer is None:
            watch.killer, watch.protocol_error = Killer.PROTOCOL, "a frame that was not sent to its end"

    def _read_control(self, watch: Watch) -> None:
        if not self._lines.control.read() and self._lines.control.descriptor in self._open:
            self._forget(self._lines.control.descriptor)
        data = self._lines.control.take().data
        if data:
            frame = decode_frame(data[4:])
            watch.exit_code, watch.signal = frame["exit"], frame["signal"]
            watch.gone, watch.renewable = frame["kind"] == protocol.EXIT, frame["kind"] == protocol.ENDED

    def _forget(self, descriptor: int) -> None:
        self._open.discard(descriptor)
        self._poller.unregister(descriptor)
