"""The processes that a service starts, from within."""

from __future__ import annotations

import os
import signal
import socket
from contextlib import ExitStack

from judge.app.graders import build_grader, catalogue_of, plan_store
from judge.app.slots import core_of, open_companions, open_sandbox
from judge.app.tools import fact_store, open_workers, plan_here
from judge.authoring import apart
from judge.config import Settings
from judge.engine import worker
from judge.grading.grader import Grader
from judge.grading.job import Alone
from judge.ports import Observer


def run_worker(settings: Settings, connection_fd: int) -> None:
    """Serves one slot to the service at the other end of ``connection_fd`` until it closes the connection."""
    with ExitStack() as stack:

        def factory(observer: Observer, alone: Alone) -> Grader:
            sandbox = stack.enter_context(open_sandbox(settings, observer, settings.path))
            companions = stack.enter_context(open_companions(settings, observer, sandbox))
            store = plan_store(settings, sandbox, companions)
            return build_grader(settings, sandbox, store, observer, alone, companions)

        worker.serve(connection_fd, factory)


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
