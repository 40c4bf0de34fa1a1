"""Health by ``grpc.health.v1``: the service as a whole and GradingService serve while a slot works, the others always.

A change is published by one task, which always takes the latest state; when the service is stopping, all of them answer
NOT_SERVING for good.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from grpc_health.v1 import health, health_pb2  # type: ignore[import-untyped]

log = structlog.get_logger()

_DEPENDENT = ("", "judge.api.v1.GradingService")
_INDEPENDENT = ("judge.api.v1.ProblemService",)


class Health:
    """What is told about the service's health."""

    def __init__(self) -> None:
        self.servicer: Any = health.aio.HealthServicer()
        self._working = 0
        self._changed = asyncio.Event()
        self._changed.set()
        self._task: asyncio.Task[None] | None = None

    def set_working(self, slots: int) -> None:
        """Tells how many slots work."""
        if bool(slots) != bool(self._working):
            log.info("health", serving=bool(slots), working_slots=slots)
        self._working = slots
        self._changed.set()

    async def start(self) -> None:
        """Publishes the state, now and after each change."""
        for service in _INDEPENDENT:
            await self.servicer.set(service, health_pb2.HealthCheckResponse.SERVING)
        await self._publish()
        self._task = asyncio.create_task(self._keep_publishing())

    async def stop(self) -> None:
        """Tells NOT_SERVING for good."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self.servicer.enter_graceful_shutdown()

    async def _keep_publishing(self) -> None:
        while True:
            await self._changed.wait()
            await self._publish()

    async def _publish(self) -> None:
        self._changed.clear()
        serving = health_pb2.HealthCheckResponse.SERVING
        status = serving if self._working else health_pb2.HealthCheckResponse.NOT_SERVING
        for service in _DEPENDENT:
            await self.servicer.set(service, status)
