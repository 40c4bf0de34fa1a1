"""Two boxes that speak with each other, each reading on standard input what the other writes; the judge stands between.

No descriptor is shared between the boxes: what one writes is read here, counted against its limit, noted for the
report, and written to the other as it takes it; a side whose listener does not read is not read either. Passing bytes
on costs 75 us of the judge's CPU time a turn (a line and its reply) and buys three things that a pipe between them
would not give: neither can do anything to the other's descriptors, the limit on output holds, and the order of ends is
known. A side's input ends only when the judge knows how the other side ended, so no end can be the effect of another
that was not seen before.

Each side is watched by its own supervisor; here they share one poll. The run has the limits of any run, but the time
that its partner computes, or waits for a core, is not its wall time. The partner's wall limit counts from the end of
the run, which has a guard of its own: before that, who waits for whom is not to be told from outside.
"""

from __future__ import annotations

import select
import time
from collections.abc import Generator
from dataclasses import replace
from typing import Protocol, runtime_checkable

from judge.model.run import Dialogue, Killer, RunOutcome
from judge.model.transcript import HEARD, SAID, Transcript
from judge.ports import Call, Partner
from judge.sandbox.feed import Feed
from judge.sandbox.streams import Lines
from judge.sandbox.supervisor import Supervisor
from judge.sandbox.watch import guard_ns

_NEVER_NS = 1 << 60

Calls = Generator[int, set[int], RunOutcome]  # as of ``Supervisor.watch``


@runtime_checkable
class Side(Protocol):
    """A box that can speak."""

    @property
    def lines(self) -> Lines:
        """Its descriptors."""
        ...

    @property
    def supervisor(self) -> Supervisor:
        """Who watches it."""
        ...

    def calling(self, call: Call) -> Calls:
        """Makes one call; the caller waits."""
        ...


def converse(run: Side, call: Call, partner: Partner) -> RunOutcome:
    """Makes both calls at once; returns the outcome of the run, with the dialogue."""
    other = partner.box
    if not isinstance(other, Side):
        raise TypeError(f"a partner in a box that cannot speak: {type(other).__name__}")
    return _Talk(_Voice(run, call), other, partner).outcome()


class _Voice:
    """One side: its call, what it has said, and its end."""

    def __init__(self, side: Side, call: Call) -> None:
        if side.lines.stdin is None:
            raise ValueError("a box that was not opened with live_stdin cannot speak")
        self.ear: Feed = side.lines.stdin
        self.supervisor = side.supervisor
        self.said = bytearray()
        self.outcome: RunOutcome | None = None
        self.events = side.lines.poller.fileno()  # readable when there is something to take
        side.lines.stdout.passed_on = self.said
        self._calls = side.calling(call)
        self._began_ns = side.supervisor.cpu_ns
        self.until = 0
        self._advance(None)

    @property
    def spent_ns(self) -> int:
        """How much CPU time it has used."""
        return self.supervisor.cpu_ns - self._began_ns

    def step(self) -> None:
        """Takes what can be read."""
        self._advance(self.supervisor.ready())

    def _advance(self, ready: set[int] | None) -> None:
        try:
            self.until = next(self._calls) if ready is None else self._calls.send(ready)
        except StopIteration as end:
            self.outcome = end.value


class _Talk:
    """One conversation."""

    def __init__(self, run: _Voice, box: Side, partner: Partner) -> None:
        limits = partner.call.limits
        self._run = run
        self._other = _Voice(box, replace(partner.call, limits=replace(limits, wall_ns=_NEVER_NS)))
        self._partner = partner
        self._guard = _NEVER_NS  # when the partner must have ended
        self._alone_ns = 0  # since when it goes on alone
        self._transcript = Transcript()
        self._first: dict[str, int | bool] = {}  # what was seen at the first end

    def outcome(self) -> RunOutcome:
        """Lets them speak until both have ended."""
        run, other = self._run, self._other
        self._pass_on()
        while run.outcome is None or other.outcome is None:
            self._wait()
            for voice in (other, run):  # when both have ended it is the partner's word that counts
                self._step(voice)
            self._pass_on()
        told = Dialogue(partner=other.outcome, transcript=self._transcript.text(), **self._first)  # type: ignore[arg-type]
        return replace(run.outcome, dialogue=told)

    def _wait(self) -> None:
        poller, until = select.poll(), self._guard
        for voice in self._speaking():
            until = min(until, voice.until)
            poller.register(voice.events, select.POLLIN)
            if voice.ear.blocked:
                poller.register(voice.ear.descriptor, select.POLLOUT)
        left_ms = -(-(until - time.monotonic_ns()) // 1_000_000)
        poller.poll(max(0, left_ms))

    def _speaking(self) -> list[_Voice]:
        return [voice for voice in (self._other, self._run) if voice.outcome is None]

    def _step(self, voice: _Voice) -> None:
        if voice.outcome is not None:
            return
        now = time.monotonic_ns()
        if voice is self._run and now >= voice.until:
            voice.supervisor.excuse(self._other.spent_ns, self._other.supervisor.waited_ns)
        if voice is self._other and now >= self._guard:
            self._guard = self._alone_ns + guard_ns(
                self._partner.call.limits, voice.spent_ns, voice.supervisor.waited_ns
            )
            if now >= self._guard:
                voice.supervisor.stop(Killer.WALL)
        voice.step()

    def _pass_on(self) -> None:
        """Gives each side what the other has said, and the end of its input when the other has ended."""
        pairs = ((self._run, self._other, SAID), (self._other, self._run, HEARD))
        for speaker, listener, mark in pairs:
            self._transcript.note(mark, speaker.said)
            listener.ear.give(speaker.said)
            speaker.said.clear()
        self._note_ends()
        for speaker, listener, _ in pairs:
            if speaker.outcome is not None:
                listener.ear.end()
            if listener.outcome is not None:
                listener.ear.pending.clear()
            listener.ear.flush()
            if speaker.outcome is None:
                speaker.supervisor.hold_output(held=listener.ear.blocked)

    def _note_ends(self) -> None:
        run, other = self._run, self._other
        if self._first or (run.outcome is None and other.outcome is None):
            return
        self._first = {
            "partner_first": other.outcome is not None,
            "unread_bytes": run.ear.unread_bytes,
            "partner_unread_bytes": other.ear.unread_bytes,
        }
        if run.outcome is not None:
            self._alone_ns = time.monotonic_ns()
            self._guard = self._alone_ns + self._partner.call.limits.wall_ns
            if run.outcome.answer is None:  # it failed: what the partner makes of it does not matter
                other.supervisor.stop(Killer.PARTNER)
                other.until = 0
        elif other.outcome is not None and self._partner.decides(other.outcome):
            run.supervisor.stop(Killer.PARTNER)
            run.until = 0
