"""The server: puts the services together, starts them, and stops them in order.

Stopping: health says NOT_SERVING; admission is closed (UNAVAILABLE); what was admitted may finish for
``drain_timeout``; the rest is cancelled (UNAVAILABLE); connections are closed. Whoever built the engine ends it
afterwards.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from typing import Any, Protocol

import grpc
import structlog
from grpc_health.v1 import health, health_pb2_grpc  # type: ignore[import-untyped]
from grpc_reflection.v1alpha import reflection, reflection_pb2_grpc  # type: ignore[import-untyped]

from judge.api.v1 import batch_pb2, batch_pb2_grpc, grading_pb2, grading_pb2_grpc, problem_pb2, problem_pb2_grpc
from judge.batch.batches import Batches
from judge.batch.creation import Creations
from judge.batch.rejudgings import Rejudgings
from judge.batch.runner import Runner
from judge.config import Settings
from judge.errors import ConfigError
from judge.ports import Clock, Engine, Observer, Store
from judge.rpc.acceptance import Acceptance, Toolchains, UnknownToolchains
from judge.rpc.batches import BatchServicer, ItemGrading
from judge.rpc.compiling import Compilations, Compiler, NoCompiler
from judge.rpc.grading import GradingServicer
from judge.rpc.health import Health
from judge.rpc.interceptors import Border
from judge.rpc.places import Places
from judge.rpc.problem_service import ProblemServicer
from judge.rpc.problems import Catalogue, Problems
from judge.rpc.registering import Registrations
from judge.rpc.status import failure_of
from judge.rpc.turns import Turns
from judge.rpc.verifying import NoVerifier, Verifications, Verifier
from judge.scheduling.admission import Admission
from judge.scheduling.clock import SystemClock
from judge.scheduling.gradings import Gradings, Memory
from judge.scheduling.results import Results
from judge.spec.depot import Depot

log = structlog.get_logger()

_KEEPALIVE_TIMEOUT_MS = 20_000
_PING_MS, _PING_STRIKES = 5_000, 2  # a client whose pings come sooner after another so often, and more, is thrown out
_LAST_ANSWERS_S = 1.0  # for answers on their way when connections are closed
_SERVICES = (
    grading_pb2.DESCRIPTOR.services_by_name["GradingService"].full_name,
    problem_pb2.DESCRIPTOR.services_by_name["ProblemService"].full_name,
    batch_pb2.DESCRIPTOR.services_by_name["BatchService"].full_name,
    health.SERVICE_NAME,
    reflection.SERVICE_NAME,
)


class ServedEngine(Engine, Protocol):
    """An engine that tells how much of it works."""

    def watch(self, listener: Callable[[int], None]) -> None:
        """Tells ``listener`` how many slots work: now, at each change, and when a worker was started anew."""
        ...


class JudgeServer:
    """The gRPC server of one process; ``build_server`` makes it."""

    def __init__(
        self,
        server: grpc.aio.Server,
        health_: Health,
        gradings: Gradings,
        verifications: Verifications,
        places: Places,
        runner: Runner,
        settings: Settings,
    ) -> None:
        self._server = server
        self._verifications = verifications
        self._places = places
        self._runner = runner
        self._health = health_
        self._gradings = gradings
        self._settings = settings
        self.port = 0  # where it listens; 0 before the start, and for a Unix socket 1

    @property
    def address(self) -> str:
        """Where it listens, with the port that it got."""
        configured = self._settings.listen_address
        return configured if configured.startswith("unix:") else f"{configured.rpartition(':')[0]}:{self.port}"

    async def start(self) -> None:
        """Listens. Raises ConfigError when the address cannot be had."""
        address = self._settings.listen_address
        try:
            self.port = self._server.add_insecure_port(address)
        except RuntimeError as error:
            raise ConfigError(f"setting 'listen_address': expected a free address, found {address}: {error}") from None
        await self._health.start()
        await self._server.start()
        await self._runner.start()
        log.info("serving", address=address, port=self.port)

    async def stop(self) -> None:
        """Drains and stops."""
        log.info("stopping", drain_timeout_s=self._settings.drain_timeout_s)
        await self._health.stop()
        self._runner.drain()
        await self._verifications.drain()
        await self._places.drain()
        await self._gradings.drain(self._settings.drain_timeout_s)
        await self._runner.stop()
        await self._server.stop(_LAST_ANSWERS_S)
        log.info("stopped")


def build_server(
    engine: ServedEngine,
    catalogue: Catalogue,
    settings: Settings,
    observer: Observer,
    store: Store,
    toolchains: Toolchains | None = None,
    verifier: Verifier | None = None,
    compiler: Compiler | None = None,
    depot: Depot | None = None,
) -> JudgeServer:
    """Returns a server that is not started. Call it in the event loop that will run it.

    Without ``toolchains`` no report outlives the server's memory; without a ``verifier`` it verifies no problems,
    without a ``compiler`` it compiles none, and without a ``depot`` it registers none.
    """
    toolchains = toolchains or UnknownToolchains()
    clock = SystemClock()
    admission, gradings = build_gradings(engine, settings, observer, store, clock)
    health_ = Health()
    problems = Problems(catalogue, clock)
    acceptance = Acceptance(problems, toolchains, settings)
    grade = ItemGrading(acceptance, gradings, repeat=settings.cached_reports > 0)
    runner = Runner(store, grade, failure_of, clock, observer, reserved_slots=settings.reserved_slots)
    engine.watch(lambda working: _tell_working(working, admission, health_, gradings, toolchains, runner))
    server = grpc.aio.server(options=_options(settings))
    batches = Batches(store, runner, Creations(store, clock, grade.named, observer), clock)
    rejudgings = Rejudgings(store, batches, runner, clock)
    grading = GradingServicer(gradings, acceptance, clock, window=2 * settings.slots)
    border = Border(server, observer)
    turns = Turns(admission, timeout_ns=settings.grading_timeout_ns)
    verifications = Verifications(verifier or NoVerifier(), problems, turns, observer, limit=settings.verifications)
    compilations = Compilations(compiler or NoCompiler(), turns)
    registrations = Registrations(depot, catalogue, problems, compilations, settings)
    places = Places("registrations", settings.registrations, observer)
    servicer = ProblemServicer(problems, verifications, compilations, registrations, places)
    _add_services(border, grading, servicer, BatchServicer(batches, rejudgings), health_)
    return JudgeServer(server, health_, gradings, verifications, places, runner, settings)


def build_gradings(
    engine: Engine, settings: Settings, observer: Observer, store: Store, clock: Clock
) -> tuple[Admission, Gradings]:
    """Returns what admits and what keeps gradings, as the settings say."""
    admission = Admission(
        slots=settings.slots,
        reserved_slots=settings.reserved_slots,
        queue_limit=settings.queue_limit,
        memory_bytes=settings.memory_bytes,
        clock=clock,
        observer=observer,
    )
    memory = Memory(
        reports=settings.remembered_reports,
        cached=settings.cached_reports,
        size_bytes=settings.remembered_size_bytes,
    )
    gradings = Gradings(
        engine,
        admission,
        clock=clock,
        observer=observer,
        memory=memory,
        timeout_ns=settings.grading_timeout_ns,
        results=Results(store, observer),
    )
    return admission, gradings


async def serve(
    engine: ServedEngine,
    catalogue: Catalogue,
    settings: Settings,
    observer: Observer,
    store: Store,
    toolchains: Toolchains | None = None,
    announce: Callable[[str], None] = lambda _: None,
    verifier: Verifier | None = None,
    compiler: Compiler | None = None,
    depot: Depot | None = None,
) -> None:
    """Serves until SIGTERM or SIGINT, then drains and returns. Raises ConfigError when the address cannot be had.

    ``announce`` is told the address once the server listens.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        server = build_server(engine, catalogue, settings, observer, store, toolchains, verifier, compiler, depot)
        await server.start()
        announce(server.address)
        await stop.wait()
        await server.stop()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def _options(settings: Settings) -> list[tuple[str, Any]]:
    options: list[tuple[str, Any]] = [
        ("grpc.max_receive_message_length", settings.max_message_bytes),
        ("grpc.max_send_message_length", -1),  # a report is as large as its plan makes it
        ("grpc.so_reuseport", 0),  # two services on one port would share it in silence
        ("grpc.http2.min_recv_ping_interval_without_data_ms", _PING_MS),
        ("grpc.http2.max_ping_strikes", _PING_STRIKES),
    ]
    if settings.connection_age_ns:  # without a grace: calls that run go on to their end
        options.append(("grpc.max_connection_age_ms", _ms(settings.connection_age_ns)))
    if settings.keepalive_ns:
        options += [
            ("grpc.keepalive_time_ms", _ms(settings.keepalive_ns)),
            ("grpc.keepalive_timeout_ms", _KEEPALIVE_TIMEOUT_MS),
            ("grpc.http2.ping_timeout_ms", _KEEPALIVE_TIMEOUT_MS),  # without it: 60 s, whatever the line above says
            ("grpc.keepalive_permit_without_calls", 1),
        ]
    return options


def _ms(duration_ns: int) -> int:
    return max(duration_ns // 1_000_000, 1)


def _add_services(
    server: Border,
    grading: GradingServicer,
    problems: ProblemServicer,
    batches: BatchServicer,
    health_: Health,
) -> None:
    add: Any = grading_pb2_grpc.add_GradingServiceServicer_to_server
    add(grading, server)
    add = problem_pb2_grpc.add_ProblemServiceServicer_to_server
    add(problems, server)
    add = batch_pb2_grpc.add_BatchServiceServicer_to_server
    add(batches, server)
    health_pb2_grpc.add_HealthServicer_to_server(health_.servicer, server)
    reflection_pb2_grpc.add_ServerReflectionServicer_to_server(reflection.aio.ReflectionServicer(_SERVICES), server)


def _tell_working(
    working: int, admission: Admission, health_: Health, gradings: Gradings, toolchains: Toolchains, runner: Runner
) -> None:
    admission.resize(max(working, 1))  # one is let through to hear why no slot works
    health_.set_working(working)
    toolchains.renew()
    gradings.renew()  # a worker that was started anew may have another toolchain
    runner.set_working(working)
