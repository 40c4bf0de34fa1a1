"""Opens what grades submissions on a cluster: the connection, and the driver in its thread."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from judge.cluster import wire
from judge.cluster.connection import connected
from judge.cluster.driver import Driver
from judge.cluster.node import Grade

ENGINE = "judge.cli.batch:here"  # opens the engine of a machine with settings, as ``judge batch`` does
WINDOW = 4096  # submissions that a driver holds


@asynccontextmanager
async def opened(
    address: str,
    engine: str,
    settings: dict[str, str],
    limit_s: Callable[[str], float],
    *,
    patience_s: float = 60.0,
) -> AsyncIterator[tuple[Grade, int]]:
    """What grades submissions on the cluster at ``address``, and how many it takes at a time.

    ``engine`` names what opens the engine of a node, as ``judge.cluster.node`` says; ``limit_s`` is a problem's time
    limit in seconds. Raises SubmissionError without Ray, InfrastructureError.
    """
    with connected(address, engine, settings) as cluster:
        expected = wire.Hello(
            revision=wire.REVISION, engine=engine, settings=settings, parallel=0, busy=0, pid=0, fault=""
        )
        driver = Driver(cluster, limit_s, expected, patience_s)
        thread = threading.Thread(target=driver.run, name="cluster", daemon=True)
        thread.start()
        try:
            yield driver.grade, WINDOW
        finally:
            driver.stop()
            thread.join()
