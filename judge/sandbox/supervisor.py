"""The supervisor of a box: it asks one question, watches the clock and the counters, and stops what goes too far.

Everything it believes comes from outside the box: the cgroup's CPU counter and OOM counter, the monotonic clock, the
number of bytes that arrived. What arrives on the channel is parsed by ``Conversation`` with limits and is data. The
poll sleeps exactly until the earliest moment at which a limit can be reached: a slot has one core, so CPU time cannot
grow faster than the clock."""

from __future__ import annotations

import select
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from judge.harness import wire
from judge.model.run import Killer, Limits
from judge.ports import Interrupt
from judge.sandbox.cgroup import Cgroup
from judge.sandbox.streams import Capture, Frames, TooLargeError, decode_frame

_MILLISECOND = 1_000_000
_GRACE_MS = 1000  # for the kernel to close the channel of a box that has ended


class Conversation(Protocol):
    """One question and its answer: what may be asked, and which frames may come back in which order."""

    def take(self, frame: dict[str, Any]) -> bool:
        """Takes one frame; True when it was the last. Raises WireError when it does not belong."""
        ...


@dataclass(slots=True)
class Watch:
    """What was seen of one run."""

    killer: Killer | None = None
    protocol_error: str | None = None
    exit_code: int | None = None  # of the process that loaded the submission, once init told
    signal: int | None = None
    gone: bool = False  # the box has ended
    cpu_ns: int = 0
    wall_ns: int = 0
    memory_peak_bytes: int = 0
    oom_kills: int = 0


class Lines:
    """The descriptors of one box."""

    def __init__(self, frames: Frames, control: Capture, stdout: Capture, stderr: Capture) -> None:
        self.frames = frames
        self.control = control
        self.stdout = stdout
        self.stderr = stderr

    def close(self) -> None:
        """Closes all of them."""
        for line in (self.frames, self.control, self.stdout, self.stderr):
            line.close()


class Supervisor:
    """Watches one box from its start to its end."""

    def __init__(self, lines: Lines, cgroup: Cgroup, jail: int, interrupt: Interrupt | None) -> None:
        self._lines = lines
        self._cgroup = cgroup
        self._jail = jail  # pidfd: readable when the jail has ended
        self._interrupt = interrupt
        self._poller = select.poll()
        self._open = {lines.frames.fileno(), lines.control.descriptor, lines.stdout.descriptor, lines.stderr.descriptor}
        for descriptor in [*self._open, jail]:
            self._poller.register(descriptor, select.POLLIN)
        if interrupt is not None and interrupt.fileno() >= 0:
            self._poller.register(interrupt.fileno(), select.POLLIN)

    def ask(self, message: dict[str, Any] | None, conversation: Conversation, limits: Limits) -> Watch:
        """Sends ``message`` and watches until the conversation is over, a limit is reached or the box has ended."""
        watch = Watch()
        cgroup, frames = self._cgroup, self._lines.frames
        cgroup.reset_memory_peak()
        oom_before, cpu_before, begin = cgroup.oom_kills(), cgroup.cpu_ns(), time.monotonic_ns()
        frames.answer_bytes = limits.answer_bytes
        if message is not None:
            frames.post(message)
            self._send()
        while True:
            over = self._step(watch, conversation, limits, begin, cpu_before)
            if over or watch.killer is not None:
                break
        watch.wall_ns = time.monotonic_ns() - begin
        watch.cpu_ns = cgroup.cpu_ns() - cpu_before
        watch.memory_peak_bytes = cgroup.memory_peak_bytes()
        watch.oom_kills = cgroup.oom_kills() - oom_before
        return watch

    def _step(self, watch: Watch, conversation: Conversation, limits: Limits, begin: int, cpu_before: int) -> bool:
        """Waits for something to happen and handles it; returns whether the run is over."""
        cpu_left = limits.cpu_ns - (self._cgroup.cpu_ns() - cpu_before)
        now = time.monotonic_ns()
        watch.killer = self._exceeded(limits, cpu_left, begin + limits.wall_ns - now, now)
        if watch.killer is not None:
            return True
        left = min([cpu_left, begin + limits.wall_ns - now, *self._deadline(now)])
        ready = {descriptor for descriptor, _ in self._poller.poll(max(0, -(-left // _MILLISECOND)))}
        self._read_streams(ready)
        if self._lines.frames.fileno() in ready and self._talk(watch, conversation):
            return True
        if self._lines.control.descriptor in ready:
            self._read_control(watch)
        if self._jail in ready and not watch.gone:
            self._read_control(watch)
            watch.gone = True
        if watch.gone:
            self._talk_to_end(watch, conversation)
        return watch.gone

    def _exceeded(self, limits: Limits, cpu_left: int, wall_left: int, now: int) -> Killer | None:
        if self._interrupt is not None and self._interrupt.cancelled():
            return Killer.CANCELLED
        if any(left <= 0 for left in self._deadline(now)):
            return Killer.DEADLINE
        if cpu_left <= 0:
            return Killer.CPU
        if wall_left <= 0:
            return Killer.WALL
        if self._lines.stdout.total_bytes + self._lines.stderr.total_bytes > limits.output_bytes:
            return Killer.OUTPUT
        return None

    def _deadline(self, now: int) -> Iterator[int]:
        if self._interrupt is not None and self._interrupt.deadline_ns is not None:
            yield self._interrupt.deadline_ns - now

    def _read_streams(self, ready: set[int]) -> None:
        for stream in (self._lines.stdout, self._lines.stderr):
            if stream.descriptor in ready and not stream.read():
                self._forget(stream.descriptor)

    def drain(self) -> None:
        """Reads what was printed up to now."""
        self._read_streams(self._open & {self._lines.stdout.descriptor, self._lines.stderr.descriptor})

    def _send(self) -> None:
        frames = self._lines.frames
        frames.flush()
        if frames.fileno() in self._open:
            self._poller.modify(frames.fileno(), select.POLLIN | (select.POLLOUT if frames.sending else 0))

    def _talk(self, watch: Watch, conversation: Conversation) -> bool:
        """Sends and receives; True when the conversation is over."""
        frames = self._lines.frames
        if frames.sending:
            self._send()
        if not frames.read():
            self._forget(frames.fileno())
        return self._converse(watch, conversation)

    def _converse(self, watch: Watch, conversation: Conversation) -> bool:
        try:
            while (frame := self._lines.frames.next()) is not None:
                if conversation.take(frame):
                    return True
        except TooLargeError:
            watch.killer = Killer.ANSWER
        except wire.WireError as error:
            watch.killer, watch.protocol_error = Killer.PROTOCOL, str(error)
        return False

    def _talk_to_end(self, watch: Watch, conversation: Conversation) -> None:
        """Reads what a box that has ended had sent before."""
        poller = select.poll()
        poller.register(self._lines.frames.fileno(), select.POLLIN)
        while self._lines.frames.fileno() in self._open and poller.poll(_GRACE_MS):
            if self._talk(watch, conversation) or watch.killer is not None:
                return

    def _read_control(self, watch: Watch) -> None:
        if not self._lines.control.read() and self._lines.control.descriptor in self._open:
            self._forget(self._lines.control.descriptor)
        data = self._lines.control.take().data
        if data:
            frame = decode_frame(data[4:])
            watch.exit_code, watch.signal, watch.gone = frame["exit"], frame["signal"], True

    def _forget(self, descriptor: int) -> None:
        self._open.discard(descriptor)
        self._poller.unregister(descriptor)
