"""A worker process, from within."""

from __future__ import annotations

from contextlib import ExitStack

from judge.app.graders import build_grader, plan_store
from judge.app.slots import open_companions, open_sandbox
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
