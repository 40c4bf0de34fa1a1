"""A real server on a Unix socket, over an engine in memory. Runs coroutine tests; a test that hangs fails."""

from __future__ import annotations

import asyncio
import inspect
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import grpc
import pytest

from judge.api.v1 import grading_pb2, grading_pb2_grpc, problem_pb2_grpc, program_pb2
from judge.config import Settings
from judge.errors import SpecError
from judge.ports import Store
from judge.rpc.server import JudgeServer, build_server
from judge.store.memory import MemoryStore
from judge.twins import MemoryCatalogue, MemoryEngine, RecordingObserver, problem_of

_HANG_S = 60
_BROKEN = SpecError("unknown key 'lmits'", file="problem.yaml", line=3)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    asyncio.run(asyncio.wait_for(pyfuncitem.obj(**arguments), _HANG_S))
    return True


@dataclass(kw_only=True)
class House:
    """A running service and a client's connection to it."""

    address: str
    server: JudgeServer
    engine: MemoryEngine
    observer: RecordingObserver
    channel: grpc.aio.Channel

    @property
    def gradings(self) -> Any:
        return grading_pb2_grpc.GradingServiceStub(self.channel)  # type: ignore[no-untyped-call]

    @property
    def problems(self) -> Any:
        return problem_pb2_grpc.ProblemServiceStub(self.channel)  # type: ignore[no-untyped-call]

    def handled(self, method: str, code: str, kind: str = "unary", service: str = "GradingService") -> float:
        labels = {"grpc_method": method, "grpc_code": code, "grpc_type": kind}
        return self.observer.counted("grpc_server_handled_total", grpc_service=f"judge.api.v1.{service}", **labels)


Open = Callable[..., AbstractAsyncContextManager[House]]


@pytest.fixture
def house() -> Open:
    """Opens a service; keyword arguments are settings."""
    return _open


@asynccontextmanager
async def _open(
    with_store: Store | None = None,
    with_toolchains: Any = None,
    with_verifier: Any = None,
    with_compiler: Any = None,
    with_depot: Any = None,
    with_catalogue: Any = None,
    **settings: Any,
) -> AsyncIterator[House]:
    with tempfile.TemporaryDirectory(prefix="judge-") as directory:
        address = f"unix:{directory}/s"
        defaults = {"listen_address": address, "slots": 4, "drain_timeout_ns": 60 * 10**9, "cached_reports": 0}
        chosen = Settings(**defaults | settings)
        engine, observer = MemoryEngine(working=chosen.slots), RecordingObserver()
        problems = [problem_of("add"), problem_of("subtract"), problem_of("walk", family="graphs")]
        catalogue = with_catalogue or MemoryCatalogue(problems, {"broken": _BROKEN})
        store = with_store or MemoryStore()
        server = build_server(
            engine,
            catalogue,
            chosen,
            observer,
            store,
            with_toolchains,
            with_verifier,
            compiler=with_compiler,
            depot=with_depot,
        )
        await server.start()
        try:
            async with grpc.aio.insecure_channel(address) as channel:
                yield House(address=address, server=server, engine=engine, observer=observer, channel=channel)
        finally:
            engine.release()
            await server.stop()


def request_of(source: bytes = b"1", **fields: Any) -> grading_pb2.GradeRequest:
    program = program_pb2.Program(
        language=fields.pop("language", "python3"), files=[program_pb2.SourceFile(path="main.py", content=source)]
    )
    return grading_pb2.GradeRequest(**{"problem": "add", "program": program} | fields)


@pytest.fixture
def request_to_grade() -> Callable[..., grading_pb2.GradeRequest]:
    """Makes requests that are in order, but for the fields given."""
    return request_of


@pytest.fixture
def stream_request() -> Callable[..., grading_pb2.GradeStreamRequest]:
    """As ``request_to_grade``, for the stream."""
    return lambda *args, **fields: grading_pb2.GradeStreamRequest.FromString(
        request_of(*args, **fields).SerializeToString()
    )


@dataclass(frozen=True, kw_only=True)
class Status:
    """The status with which a call failed."""

    code: str
    message: str
    reason: str
    violations: tuple[tuple[str, str], ...]
    retry_after_s: float | None
    trailers: dict[str, str | bytes]


@pytest.fixture
def status_of() -> Callable[[Any], Any]:
    """Awaits a call that must fail; returns its status."""
    return _status_of


async def _status_of(call: Any) -> Status:
    from judge.client.errors import error_of

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    error = error_of(caught.value)
    return Status(
        code=error.code.name,
        message=caught.value.details() or "",
        reason=error.reason,
        violations=tuple((violation.field, violation.description) for violation in error.violations),
        retry_after_s=error.retry_after_s,
        trailers=dict(caught.value.trailing_metadata() or ()),
    )
