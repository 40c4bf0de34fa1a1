"""The composition root: the only file that joins ports to adapters."""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass

import structlog

from judge import metrics
from judge.authoring import apart
from judge.authoring.facts import FactStore
from judge.authoring.pool import ProcessWorkers
from judge.authoring.process import VerifierProcess
from judge.authoring.workers import Tools
from judge.config import Settings
from judge.engine import worker
from judge.engine.local import LocalEngine
from judge.errors import ConfigError
from judge.grading.companions import NO_COMPANIONS
from judge.grading.grader import Grader
from judge.grading.job import Alone
from judge.languages import load_toolchains
from judge.metrics import PrometheusObserver
from judge.model.digest import digest_of
from judge.model.plan import TestPlan
from judge.model.problem import Problem
from judge.model.toolchain import Toolchains
from judge.ports import Companions, Observer, PlanSource, Sandbox, Store
from judge.rpc import server
from judge.rpc.acceptance import Acceptance
from judge.rpc.batches import ItemGrading
from judge.rpc.problems import Problems
from judge.sandbox import toolchains
from judge.sandbox.artefacts import ArtefactCache
from judge.sandbox.cgroup import find_tree
from judge.sandbox.cold import ColdSandbox
from judge.sandbox.probe import probe
from judge.sandbox.slot import Slot, sweep
from judge.sandbox.warm import WarmSandbox
from judge.scheduling.clock import SystemClock
from judge.spec.catalogue import Catalogue
from judge.spec.datasets import Dataset, Shelves
from judge.spec.depot import Depot
from judge.spec.plans import PlanCache, PlanStore, plan_key
from judge.spec.registered import Registered
from judge.store.retention import retention
from judge.store.sql import open_store

log = structlog.get_logger()


@contextmanager
def open_sandbox(
    settings: Settings, observer: Observer, path: str = "auto", beside: Sandbox | None = None
) -> Iterator[Sandbox]:
    """A probed sandbox in a slot of its own; the slot is given back at the end. Raises InfrastructureError.

    ``path`` is cold, warm or auto: warm where the language allows it, which is the warm sandbox's own rule. One that is
    ``beside`` another shares its core: they take turns, and the cores of other slots are left to them.
    """
    found = load_toolchains(settings.runtime_root, settings.state_dir)
    for runtime, reason in found.faults.items():
        log.warning("a runtime cannot be used", runtime=runtime, reason=reason)
    for language, reason in found.missing.items():
        log.warning("a language cannot be used", language=language, reason=reason)
    tree = find_tree(settings.cgroup_root)
    sweep(tree, settings.run_dir)
    slot = Slot(
        tree,
        settings.run_dir,
        settings.uid_base,
        cpu_of=lambda number: _core_of(number if beside is None else beside.slot),
        companion=beside is not None,
    )
    programs = ArtefactCache(settings.state_dir / "programs", settings.compile_cache_bytes)
    sandbox = (
        ColdSandbox(slot, found, observer, programs)
        if path == "cold"
        else WarmSandbox(slot, found, observer, programs=programs)
    )
    try:
        probe(sandbox)
        yield sandbox
    finally:
        sandbox.close()


class OpenedCompanions:
    """The port ``Companions``: sandboxes beside a slot's own, opened when they are first asked for."""

    def __init__(self, settings: Settings, observer: Observer, beside: Sandbox, stack: ExitStack) -> None:
        self._settings = settings
        self._observer = observer
        self._beside = beside
        self._stack = stack
        self._opened: dict[str, Sandbox] = {}

    def sandbox(self, role: str) -> Sandbox:
        """The sandbox of author's code of that role."""
        if role not in self._opened:
            opening = open_sandbox(self._settings, self._observer, self._beside.path, self._beside)
            self._opened[role] = self._stack.enter_context(opening)
        return self._opened[role]

    @property
    def slots(self) -> list[int]:
        """The numbers of the slots that are open."""
        return [sandbox.slot for sandbox in self._opened.values()]


@contextmanager
def open_companions(settings: Settings, observer: Observer, beside: Sandbox) -> Iterator[OpenedCompanions]:
    """The companions of a sandbox; their slots are given back at the end."""
    with ExitStack() as stack:
        yield OpenedCompanions(settings, observer, beside, stack)


def _core_of(slot: int) -> int:
    """The core that a slot is pinned to: slots take the usable cores in turn."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[slot % len(cores)]


def catalogue_of(settings: Settings) -> Shelves:
    """The problems of the settings: packages, tasks of a data set, what clients have registered. Raises SpecError."""
    datasets = [Dataset(settings.dataset)] if settings.dataset else []
    registered = None if settings.registered_dir is None else Registered(settings.registered_dir)
    return Shelves(Catalogue(settings.problems_dir), datasets, registered)


def plan_store(settings: Settings, sandbox: Sandbox, companions: Companions | None = None) -> PlanStore:
    """The plans of the settings' problems, compiled in ``sandbox`` and cached on disk.

    The time limits of plain packages whose validators take part in runs are measured with ``companions``.
    """
    return PlanStore(catalogue_of(settings), sandbox, PlanCache(settings.state_dir / "plans"), companions)


def build_grader(
    settings: Settings,
    sandbox: Sandbox,
    plans: PlanSource,
    observer: Observer,
    alone: Alone = nullcontext,
    companions: Companions = NO_COMPANIONS,
    thorough: bool = False,
    patience: int | None = None,
) -> Grader:
    """The grader of one slot; ``alone`` makes a context in which no other slot of the service runs.

    Problems with code of the author's that runs while grading need ``companions``. ``thorough`` and
    ``patience`` are the grader's.
    """
    percent = settings.close_percent
    return Grader(
        sandbox,
        plans,
        SystemClock(),
        observer,
        settings.salt,
        close_percent=percent,
        alone=alone,
        companions=companions,
        thorough=thorough,
        patience=patience,
    )


@contextmanager
def open_tools(settings: Settings) -> Iterator[Tools]:
    """What a job of an author's tools may use: a slot of this process, its companions, and graders in them."""
    observer = PrometheusObserver()
    with (
        open_sandbox(settings, observer, settings.path) as sandbox,
        open_companions(settings, observer, sandbox) as companions,
    ):

        def grader_of(plans: PlanSource, patience: int | None) -> Grader:
            return build_grader(
                settings, sandbox, plans, observer, companions=companions, thorough=True, patience=patience
            )

        store = plan_store(settings, sandbox, companions)
        yield Tools(sandbox=sandbox, companions=companions, plan_of=store.plan_of, grader_of=grader_of)


def open_workers(settings: Settings, count: int) -> ProcessWorkers:
    """Processes for an author's tools, at most ``count``, with a slot each; none is started before it is needed."""
    known = load_toolchains(settings.runtime_root, settings.state_dir)

    def describe(language: str, runtime: str) -> str:
        return toolchains.describe(known, language, runtime)

    def known_plan(problem: Problem) -> TestPlan | None:
        return _known_plan(settings, problem, known)

    return ProcessWorkers(functools.partial(open_tools, settings), count, describe, known_plan)


def _known_plan(settings: Settings, problem: Problem, known: Toolchains) -> TestPlan | None:
    """The plan that was compiled before; None when there is none."""
    toolchain = toolchains.describe(known, "python3", problem.runtime)
    return PlanCache(settings.state_dir / "plans").get(plan_key(problem, toolchain))


def plan_here(settings: Settings, problem: Problem) -> TestPlan:
    """The plan; one that is not known is compiled in a slot of this process. Raises SpecError."""
    plan = _known_plan(settings, problem, load_toolchains(settings.runtime_root, settings.state_dir))
    if plan is not None:
        return plan
    with open_tools(settings) as tools:
        return tools.plan_of(problem)


def fact_store(settings: Settings) -> FactStore:
    """What has been found out about packages under these settings, without what is too old or too much."""
    scope = digest_of([settings.salt, settings.close_percent, settings.path])
    facts = FactStore(settings.state_dir / "facts", scope)
    facts.prune(age_ns=settings.facts_age_ns, size_bytes=settings.facts_size_bytes)
    return facts


class OneProblem:
    """A PlanSource of a single problem that need not be in the catalogue."""

    def __init__(self, store: PlanStore, problem: Problem) -> None:
        self._store = store
        self._problem = problem

    def plan(self, slug: str) -> TestPlan:
        """The plan, whatever ``slug`` says."""
        return self._store.plan_of(self._problem)


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
    os.sched_setaffinity(0, {_core_of(settings.slots - 1)})
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
