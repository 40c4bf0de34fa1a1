"""The service, and the same engine and store inside another program."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import structlog

from judge import metrics
from judge.app.graders import catalogue_of
from judge.authoring.process import VerifierProcess
from judge.config import Settings
from judge.engine.local import LocalEngine
from judge.errors import ConfigError
from judge.languages import load_toolchains
from judge.metrics import PrometheusObserver
from judge.model.toolchain import Toolchains
from judge.ports import Observer, Store
from judge.rpc import server
from judge.rpc.acceptance import Acceptance
from judge.rpc.batches import ItemGrading
from judge.rpc.problems import Problems
from judge.sandbox import toolchains
from judge.sandbox.cgroup import find_tree
from judge.sandbox.slot import sweep
from judge.scheduling.clock import SystemClock
from judge.spec.depot import Depot
from judge.store.retention import retention
from judge.store.sql import open_store

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Commands:
    """The command lines of the processes that a service starts."""

    worker: tuple[str, ...]  # grades, for as long as the service lives
    verifier: tuple[str, ...]  # verifies one problem


async def serve(settings: Settings, commands: Commands, announce: Callable[[str], None]) -> None:
    """Serves until SIGTERM or SIGINT; ``announce`` is told the address once it listens."""
    observer = PrometheusObserver()
    sweep(find_tree(settings.cgroup_root), settings.run_dir)
    catalogue = catalogue_of(settings)
    for slug, error in catalogue.errors().items():
        log.error("a problem does not load", problem=slug, reason=str(error))
    for slug in catalogue.hidden():
        log.warning("a registered problem is not seen: the operator gives one of that slug", problem=slug)
    depot = None if settings.registered_dir is None else Depot(settings.registered_dir)
    with _served_metrics(settings, observer):
        async with (
            opened_store(settings, observer) as store,
            LocalEngine(commands.worker, slots=settings.slots, observer=observer) as engine,
        ):
            known, verifier = MachineToolchains(settings), VerifierProcess(commands.verifier)
            await server.serve(engine, catalogue, settings, observer, store, known, announce, verifier, verifier, depot)


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


@asynccontextmanager
async def opened_store(settings: Settings, observer: Observer) -> AsyncIterator[Store]:
    """The settings' store, which forgets what is too old or too much while it is open. Raises ConfigError."""
    store = await open_store(settings.store)
    limits = {"age_ns": settings.store_age_ns, "size_bytes": settings.store_size_bytes}
    try:
        async with retention(store, SystemClock(), observer, **limits):
            yield store
    finally:
        await store.close()


class MachineToolchains:
    """The toolchains of this machine by name, read again when they may have changed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loaded: Toolchains | None = None

    async def describe(self, language: str, runtime: str) -> str:
        """A toolchain as reports name it. Raises SubmissionError, EnvironmentFault."""
        if self._loaded is None:
            settings = self._settings
            self._loaded = await asyncio.to_thread(load_toolchains, settings.runtime_root, settings.state_dir)
        return toolchains.describe(self._loaded, language, runtime)

    def renew(self) -> None:
        """Says that they may have changed."""
        self._loaded = None


@contextmanager
def _served_metrics(settings: Settings, observer: PrometheusObserver) -> Iterator[None]:
    if not settings.metrics_address:
        yield
        return
    try:
        stop, _ = metrics.serve(settings.metrics_address, observer.registry)
    except OSError as error:
        address = settings.metrics_address
        raise ConfigError(f"setting 'metrics_address': cannot serve at {address}: {error.strerror}") from None
    try:
        yield
    finally:
        stop()
