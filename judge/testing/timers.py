"""The limit on CPU time: a profiling timer that raises inside the program."""

from __future__ import annotations

import contextlib
import gc
import signal
import threading
from collections.abc import Iterator
from types import FrameType

from judge.model.run import Killer

_AGAIN_S = 0.001  # of CPU time, until a run that could not be stopped is stopped
_INNERMOST = 10  # frames in which a finalizer is looked for


class Stop(BaseException):
    """Raised inside a program to stop it."""

    def __init__(self, killer: Killer, oracle_stop: str | None = None) -> None:
        self.killer = killer
        self.oracle_stop = oracle_stop


@contextlib.contextmanager
def cpu_timer(limit_ns: int) -> Iterator[None]:
    """Raises Stop in the main thread when the process has used ``limit_ns`` more of CPU time."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, frame: FrameType | None) -> None:
        if _is_told_nobody(frame):
            signal.setitimer(signal.ITIMER_PROF, _AGAIN_S)
            return
        raise Stop(Killer.CPU)

    previous = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, max(limit_ns, 1_000_000) / 1e9)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


def _is_told_nobody(frame: FrameType | None) -> bool:
    """Whether what is raised here goes nowhere: in a callback of the garbage collector, or a finalizer."""
    callbacks = {getattr(callback, "__code__", None) for callback in gc.callbacks}
    for _ in range(_INNERMOST):
        if frame is None:
            return False
        if frame.f_code in callbacks or frame.f_code.co_name == "__del__":
            return True
        frame = frame.f_back
    return False


@contextlib.contextmanager
def paused_timer() -> Iterator[None]:
    """Stops the timer of the run around, and goes on with it afterwards."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    left, _ = signal.setitimer(signal.ITIMER_PROF, 0)
    handler = signal.getsignal(signal.SIGPROF)
    try:
        yield
    finally:
        signal.signal(signal.SIGPROF, handler)
        signal.setitimer(signal.ITIMER_PROF, left)
