"""A conversation in memory: the program runs in this process, its partner in a fork of it, with two pipes between them.

What the twin keeps of the contract: who ended first, the program's limits on CPU and wall time, the end of one side's
input only after the other's end, the transcript. What it does not: the partner's limits but for the wall time after the
program's end, and that a partner which decides stops the program: that one goes on to its own end.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import select
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace

from judge.model.run import Dialogue, Killer, RunOutcome, Stage
from judge.model.transcript import HEARD, SAID, Transcript
from judge.ports import Partner


class Voice:
    """One side's ends of two pipes: what it says goes out, and is noted."""

    def __init__(self, reading: int, writing: int) -> None:
        self.transcript = Transcript()
        self._writing = writing
        self.stdin = io.TextIOWrapper(
            io.BufferedReader(_Ear(reading, self.transcript)), encoding="utf-8", errors="surrogateescape"
        )

    def say(self, data: bytes) -> None:
        """Writes all of it; to somebody who is gone, nothing."""
        self.transcript.note(SAID, data)
        view = memoryview(data)
        with contextlib.suppress(BrokenPipeError):
            while view:
                view = view[os.write(self._writing, view) :]


class _Ear(io.FileIO):
    """A descriptor whose bytes are noted when they are read."""

    def __init__(self, descriptor: int, transcript: Transcript) -> None:
        super().__init__(descriptor, closefd=False)
        self._transcript = transcript

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = super().readinto(buffer) or 0
        self._transcript.note(HEARD, bytes(buffer[:count]))
        return count


def converse(
    program: Callable[[Voice], RunOutcome], speaks: Callable[[Voice], RunOutcome], partner: Partner
) -> RunOutcome:
    """Runs both; ``program`` here, ``speaks`` in a fork. Returns the program's outcome with the dialogue."""
    with contextlib.ExitStack() as stack:
        from_partner, to_program = _pipe(stack)
        from_program, to_partner = _pipe(stack)
        result, told = _pipe(stack)
        child = _fork()
        if child == 0:
            _become(speaks, from_program, to_program, told, [from_partner, to_partner, result])
        stack.callback(_bury, child)
        for descriptor in (from_program, to_program, told):
            os.close(descriptor)
        voice = Voice(from_partner, to_partner)
        outcome = program(voice)
        first = bool(select.select([result], [], [], 0)[0])
        os.close(to_partner)
        said = _word(result, outcome, partner, first)
        if first and partner.decides(said):
            outcome = replace(outcome, answer=None, killer=outcome.killer or Killer.PARTNER)
        return replace(
            outcome, dialogue=Dialogue(partner=said, partner_first=first, transcript=voice.transcript.text())
        )


def _pipe(stack: contextlib.ExitStack) -> tuple[int, int]:
    ends = os.pipe()
    for end in ends:
        stack.callback(_close, end)
    return ends


def _close(descriptor: int) -> None:
    with contextlib.suppress(OSError):
        os.close(descriptor)


def _fork() -> int:
    """Libraries may have threads, none of which the fork needs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _become(speaks: Callable[[Voice], RunOutcome], reading: int, writing: int, told: int, others: list[int]) -> None:
    try:
        for descriptor in others:
            os.close(descriptor)
        os.dup2(reading, 0)
        os.dup2(writing, 1)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        outcome = speaks(Voice(0, 1))
        view = memoryview(pickle.dumps(outcome))
        while view:
            view = view[os.write(told, view) :]
    finally:
        os._exit(0)


def _word(result: int, outcome: RunOutcome, partner: Partner, first: bool) -> RunOutcome:
    """Returns the partner's outcome; one that is stopped has not said its word."""
    if outcome.answer is None and not first:
        return RunOutcome(stage=Stage.CALL, killer=Killer.PARTNER)
    if not first and not select.select([result], [], [], partner.call.limits.wall_ns / 1e9)[0]:
        return RunOutcome(stage=Stage.CALL, killer=Killer.WALL)
    data = b"".join(iter(lambda: os.read(result, 1 << 16), b""))
    if not data:
        return RunOutcome(stage=Stage.CALL, signal=signal.SIGKILL)
    said: RunOutcome = pickle.loads(data)
    return said


def _bury(child: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@contextlib.contextmanager
def wall_timer(limit_ns: int, stop: Callable[[], None]) -> Iterator[None]:
    """Calls ``stop``, which raises, in the main thread when so much time has passed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGALRM, lambda number, frame: stop())
    signal.setitimer(signal.ITIMER_REAL, max(limit_ns, 1_000_000) / 1e9)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
