"""The first process of a box: it forks the process that will run the submission, waits for it, and tells how it ended.

It is PID 1 of the box's namespace, so that the submission is not: signals, ``abort`` and zombies behave as on any
machine, and when it exits the kernel kills whatever is left. It never runs the candidate's code, and only it holds the
control descriptor. Signals from inside the namespace do not reach it: PID 1 gets only those that it has a handler for.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # the C module: signal itself costs start-up time
import os

from . import protocol, runner

TYPE_CHECKING = False  # typing costs start-up time
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn


def _nothing() -> None:
    """On the cold path nsjail has hardened both processes already."""


def main(harden_candidate: Callable[[], None] = _nothing, harden_init: Callable[[], None] = _nothing) -> NoReturn:
    """Runs a box to its end.

    ``harden_candidate`` is called in the process that will run the submission, ``harden_init`` in this one.
    """
    interrupt = _signal.getsignal(_signal.SIGINT)
    _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
    _use_up_pids(int(os.environ.get("PYTHONHASHSEED", "0")) % 8)
    child = os.fork()
    if child == 0:
        os.close(protocol.CONTROL)
        _signal.signal(_signal.SIGINT, interrupt)
        harden_candidate()
        runner.main(protocol.CHANNEL)
    os.close(protocol.CHANNEL)
    harden_init()
    status = _wait_for(child)
    _sweep()
    protocol.send(protocol.CONTROL, {"kind": protocol.EXIT, **describe(status)})
    os._exit(0)


def _use_up_pids(count: int) -> None:
    """A box with another hash seed has other process ids as well, so that an answer that depends on them is noticed.

    A process that fails to start a program shares its parent's memory meanwhile: it costs a tenth of a fork.
    """
    for _ in range(count):
        try:
            os.waitpid(os.posix_spawn("/", ["/"], {}), 0)
        except OSError:
            continue  # a directory is no program: the process has been made, and is gone


def describe(status: int) -> dict[str, object]:
    """Returns a wait status as ``exit`` (a code or None) and ``signal`` (a number or None)."""
    if os.WIFSIGNALED(status):
        return {"exit": None, "signal": os.WTERMSIG(status)}
    return {"exit": os.WEXITSTATUS(status), "signal": None}


def _wait_for(child: int) -> int:
    while True:
        pid, status = os.wait()
        if pid == child:
            return status


def _sweep() -> None:
    """Kills and reaps every other process of the namespace; outside of one, which nobody asks for, nothing."""
    if os.getpid() != 1:
        return
    try:
        os.kill(-1, _signal.SIGKILL)
        while True:
            os.wait()
    except (ProcessLookupError, ChildProcessError):
        return


def start() -> NoReturn:
    """The entry of the jail's command line: a fault of this code is told on standard error, never silent."""
    try:
        main()
    except BaseException as error:
        os.write(2, f"box init: {type(error).__name__}: {error}\n".encode("utf-8", "replace"))
    finally:
        os._exit(70)
