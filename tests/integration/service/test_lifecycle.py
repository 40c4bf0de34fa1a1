"""Starting, health, reflection, draining, stopping."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from collections.abc import Callable
from typing import Any

import grpc
import pytest
from google.protobuf import descriptor_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from judge.api.v1 import grading_pb2, grading_pb2_grpc, report_pb2
from judge.config import Settings
from judge.errors import ConfigError
from judge.rpc import server
from judge.store.memory import MemoryStore
from judge.twins import MemoryCatalogue, MemoryEngine, RecordingObserver, problem_of

Requests = Callable[..., Any]
Opened = Callable[..., Any]

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


async def health_of(channel: grpc.aio.Channel, service: str = "") -> int:
    response = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(service=service))
    return int(response.status)


async def until_health(stream: Any, status: int) -> None:
    async for response in stream:
        if response.status == status:
            return


async def test_health_tells_whether_slots_work(house: Opened) -> None:
    async with house() as h:
        names = ("", "judge.api.v1.GradingService", "judge.api.v1.ProblemService")
        assert [await health_of(h.channel, name) for name in names] == [SERVING] * 3
        watch = health_pb2_grpc.HealthStub(h.channel).Watch(health_pb2.HealthCheckRequest())
        await until_health(watch, SERVING)
        h.engine.set_working(0)
        await until_health(watch, NOT_SERVING)
        assert [await health_of(h.channel, name) for name in names] == [NOT_SERVING, NOT_SERVING, SERVING]
        h.engine.set_working(2)
        await until_health(watch, SERVING)
        watch.cancel()


async def test_health_of_an_unknown_service(house: Opened, status_of: Callable[[Any], Any]) -> None:
    async with house() as h:
        check = health_pb2_grpc.HealthStub(h.channel).Check(health_pb2.HealthCheckRequest(service="none"))
        assert (await status_of(check)).code == "NOT_FOUND"
    # That servicer aborts by itself: the call is counted after its status was sent.
    labels = {"grpc_type": "unary", "grpc_service": "grpc.health.v1.Health", "grpc_method": "Check"}
    assert h.observer.counted("grpc_server_handled_total", grpc_code="NOT_FOUND", **labels) == 1


async def test_reflection_lists_and_describes_the_services(house: Opened) -> None:
    async with house() as h:
        requests = [
            reflection_pb2.ServerReflectionRequest(list_services=""),
            reflection_pb2.ServerReflectionRequest(file_containing_symbol="judge.api.v1.GradingService"),
        ]
        stream = reflection_pb2_grpc.ServerReflectionStub(h.channel).ServerReflectionInfo(iter(requests))
        listed, described = [response async for response in stream]
        assert {service.name for service in listed.list_services_response.service} == {
            "grpc.health.v1.Health",
            "grpc.reflection.v1alpha.ServerReflection",
            "judge.api.v1.BatchService",
            "judge.api.v1.GradingService",
            "judge.api.v1.ProblemService",
        }
        files = map(
            descriptor_pb2.FileDescriptorProto.FromString, described.file_descriptor_response.file_descriptor_proto
        )
        assert "judge/api/v1/grading.proto" in {file.name for file in files}


async def test_a_drain_lets_admitted_gradings_finish(
    house: Opened, request_to_grade: Requests, stream_request: Requests, status_of: Callable[[Any], Any]
) -> None:
    async with house(slots=1) as h:
        h.engine.hold()
        running = h.gradings.Grade(request_to_grade())
        await h.engine.until(lambda engine: bool(engine.requests))
        queued = aiter(h.gradings.GradeStream(stream_request()))
        await anext(queued)
        watch = health_pb2_grpc.HealthStub(h.channel).Watch(health_pb2.HealthCheckRequest())
        await until_health(watch, SERVING)
        stopping = asyncio.create_task(h.server.stop())
        await until_health(watch, NOT_SERVING)
        watch.cancel()
        status = await status_of(h.gradings.Grade(request_to_grade()))
        assert (status.code, status.reason, status.retry_after_s) == ("UNAVAILABLE", "DRAINING", 0.1)
        assert not stopping.done()
        h.engine.release()
        assert (await running).report.verdict == report_pb2.VERDICT_ACCEPTED
        assert [event async for event in queued][-1].finished.report.verdict == report_pb2.VERDICT_ACCEPTED
        await stopping
        assert not h.engine.killed


async def test_a_drain_cancels_what_takes_too_long(
    house: Opened, request_to_grade: Requests, status_of: Callable[[Any], Any]
) -> None:
    async with house(slots=1, drain_timeout_ns=0) as h:
        h.engine.hold()
        calls = [h.gradings.Grade(request_to_grade()) for _ in range(2)]
        await h.engine.until(lambda engine: bool(engine.requests))
        stopping = asyncio.create_task(h.server.stop())
        for call in calls:
            assert (await status_of(call)).code == "UNAVAILABLE"
        await stopping
        assert len(h.engine.killed) == 1


async def test_a_remembered_report_is_given_out_during_a_drain(house: Opened, request_to_grade: Requests) -> None:
    async with house(slots=2) as h:
        report = (await h.gradings.Grade(request_to_grade(request_id="a"))).report
        h.engine.hold()
        running = h.gradings.Grade(request_to_grade())
        await h.engine.until(lambda engine: len(engine.requests) == 2)
        watch = health_pb2_grpc.HealthStub(h.channel).Watch(health_pb2.HealthCheckRequest())
        await until_health(watch, SERVING)
        stopping = asyncio.create_task(h.server.stop())
        await until_health(watch, NOT_SERVING)
        assert (await h.gradings.Grade(request_to_grade(request_id="a"))).report == report
        h.engine.release()
        await running
        watch.cancel()
        await stopping


def parts() -> tuple[MemoryEngine, MemoryCatalogue, RecordingObserver]:
    return MemoryEngine(), MemoryCatalogue([problem_of("add")]), RecordingObserver()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_signals_stop_the_service_gracefully(number: signal.Signals, request_to_grade: Requests) -> None:
    engine, catalogue, observer = parts()
    with tempfile.TemporaryDirectory(prefix="judge-") as directory:
        settings = Settings(listen_address=f"unix:{directory}/s", slots=1)
        serving = asyncio.create_task(server.serve(engine, catalogue, settings, observer, MemoryStore()))
        async with grpc.aio.insecure_channel(settings.listen_address) as channel:
            engine.hold()
            stub: Any = grading_pb2_grpc.GradingServiceStub(channel)  # type: ignore[no-untyped-call]
            call = stub.Grade(request_to_grade(), wait_for_ready=True)
            await engine.until(lambda engine: bool(engine.requests))
            os.kill(os.getpid(), number)
            watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
            await until_health(watch, NOT_SERVING)
            watch.cancel()
            engine.release()
            assert (await call).report.verdict == report_pb2.VERDICT_ACCEPTED
            await serving


async def test_a_tcp_port_is_chosen_and_told(request_to_grade: Requests) -> None:
    engine, catalogue, observer = parts()
    running = server.build_server(engine, catalogue, Settings(listen_address="127.0.0.1:0"), observer, MemoryStore())
    await running.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{running.port}") as channel:
        stub: Any = grading_pb2_grpc.GradingServiceStub(channel)  # type: ignore[no-untyped-call]
        response: grading_pb2.GradeResponse = await stub.Grade(request_to_grade())
        assert response.report.problem == "add"
    await running.stop()


async def test_an_address_that_is_taken() -> None:
    engine, catalogue, observer = parts()
    first = server.build_server(engine, catalogue, Settings(listen_address="127.0.0.1:0"), observer, MemoryStore())
    await first.start()
    settings = Settings(listen_address=f"127.0.0.1:{first.port}")
    second = server.build_server(engine, catalogue, settings, observer, MemoryStore())
    with pytest.raises(ConfigError, match=f"expected a free address, found 127.0.0.1:{first.port}"):
        await second.start()
    await first.stop()
