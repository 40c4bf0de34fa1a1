"""What grades a file of submissions: workers of this process, without gRPC before them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from judge.app.graders import catalogue_of
from judge.app.surroundings import MachineToolchains, opened_store
from judge.config import Settings
from judge.engine.local import LocalEngine
from judge.metrics import PrometheusObserver
from judge.rpc import server
from judge.rpc.acceptance import Acceptance
from judge.rpc.batches import ItemGrading
from judge.rpc.problems import Problems
from judge.sandbox.cgroup import find_tree
from judge.sandbox.slot import sweep
from judge.scheduling.clock import SystemClock


@asynccontextmanager
async def embedded(settings: Settings, worker_command: tuple[str, ...]) -> AsyncIterator[ItemGrading]:
    """What grades items in worker processes of this one, with the settings' store."""
    observer, clock = PrometheusObserver(), SystemClock()
    sweep(find_tree(settings.cgroup_root), settings.run_dir)
    known = MachineToolchains(settings)
    async with (
        opened_store(settings, observer) as store,
        LocalEngine(worker_command, slots=settings.slots, observer=observer) as engine,
    ):
        admission, gradings = server.build_gradings(engine, settings, observer, store, clock)

        def changed(working: int) -> None:
            admission.resize(max(working, 1))
            known.renew()
            gradings.renew()

        engine.watch(changed)
        problems = Problems(catalogue_of(settings), clock)
        try:
            yield ItemGrading(Acceptance(problems, known, settings), gradings, repeat=settings.cached_reports > 0)
        finally:
            await gradings.drain(0)
