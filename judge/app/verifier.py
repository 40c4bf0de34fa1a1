"""A verifier process, from within."""

from __future__ import annotations

import os
import signal
import socket

from judge.app.graders import catalogue_of
from judge.app.slots import core_of
from judge.app.tools import fact_store, open_workers, plan_here
from judge.authoring import apart
from judge.config import Settings


def run_verifier(settings: Settings, connection_fd: int) -> None:
    """Verifies, or compiles, the problem that the service at the other end of ``connection_fd`` names.

    It keeps to one core, the one of the service's last slot: a turn leaves one slot idle, and the first idle one is
    taken for gradings.
    """
    os.sched_setaffinity(0, {core_of(settings.slots - 1)})
    signal.signal(signal.SIGTERM, _leave)
    desk = apart.Desk(
        problems=catalogue_of(settings),
        workers=lambda: open_workers(settings, 1),
        facts=lambda: fact_store(settings),
        plan_of=lambda problem: plan_here(settings, problem),
    )
    apart.serve(apart.Connection(socket.socket(fileno=connection_fd)), desk)


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(1)
