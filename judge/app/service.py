"""The service, and the same engine and store inside another program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from judge import metrics
from judge.app.graders import catalogue_of
from judge.app.surroundings import MachineToolchains, opened_store
from judge.authoring.process import VerifierProcess
from judge.config import Settings
from judge.engine.local import LocalEngine
from judge.errors import ConfigError
from judge.metrics import PrometheusObserver
from judge.rpc import server
from judge.sandbox.cgroup import find_tree
from judge.sandbox.slot import sweep
from judge.spec.depot import Depot

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
