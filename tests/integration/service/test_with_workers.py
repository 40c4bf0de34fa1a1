"""The service over real worker processes, whose grader obeys the source (tests/unit/engine/fake_worker.py)."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from judge.client import CallFailed, JudgeClient, Unavailable, program_of
from judge.config import Settings
from judge.engine.local import LocalEngine
from judge.engine.slot import Timing
from judge.model.event import EventKind
from judge.model.verdict import Verdict
from judge.rpc.server import JudgeServer, build_server
from judge.store.memory import MemoryStore
from judge.twins import MemoryCatalogue, RecordingObserver, problem_of

WORKER = Path(__file__).parents[2] / "unit" / "engine" / "fake_worker.py"


@dataclass(frozen=True, kw_only=True)
class Service:
    """A running service, a client of it, and what it observed."""

    server: JudgeServer
    client: JudgeClient
    observer: RecordingObserver


@asynccontextmanager
async def service(mode: str = "ok", **settings: int) -> AsyncIterator[Service]:
    observer = RecordingObserver()
    pause_s = 0.0 if mode == "ok" else 1000.0
    timing = Timing(pause_s=pause_s, pause_max_s=pause_s)
    engine = LocalEngine((sys.executable, str(WORKER), mode), slots=1, observer=observer, timing=timing)
    with tempfile.TemporaryDirectory(prefix="judge-") as directory:
        chosen = Settings(**{"listen_address": f"unix:{directory}/s", "slots": 1, "cached_reports": 0} | settings)  # type: ignore[arg-type]
        async with engine:
            server = build_server(engine, MemoryCatalogue([problem_of("add")]), chosen, observer, MemoryStore())
            await server.start()
            async with JudgeClient(chosen.listen_address, attempts=1) as client:
                yield Service(server=server, client=client, observer=observer)
            await server.stop()


async def test_a_day_in_the_life(tmp_path: Path) -> None:
    async with service() as s:
        client, observer = s.client, s.observer
        report = await client.grade("add", program_of("accept"))
        assert report.verdict is Verdict.ACCEPTED
        pid = report.message
        # Leaving a stream stops the worker's grading, and the worker lives on.
        async with aclosing(client.grade_stream("add", program_of("wait"))) as events:
            async for event in events:
                if event.kind is EventKind.COMPILING:
                    break
        assert (await client.grade("add", program_of("accept"))).message == pid
        # A deadline stops it too.
        with pytest.raises(CallFailed, match="DEADLINE_EXCEEDED"):
            await client.grade("add", program_of("wait"), timeout_s=0.2)
        assert (await client.grade("add", program_of("accept"))).message == pid
        # A worker that dies is replaced, and nobody notices; one that dies again is a fault, and the next call works.
        assert (await client.grade("add", program_of(f"die_once:{tmp_path / 'died'}"))).message != pid
        with pytest.raises(CallFailed, match="INTERNAL: the grading was lost twice"):
            await client.grade("add", program_of("die"))
        assert (await client.grade("add", program_of("accept"))).verdict is Verdict.ACCEPTED
        assert observer.counted("judge_slot_rebuilds_total", reason="crash") == 3
        assert observer.counted("judge_grades_total", verdict="JUDGE_ERROR", language="python3") == 1
        # What a candidate printed need not be text.
        assert (await client.grade("add", program_of("strange"))).message == "a\\ud800b"


async def test_the_service_s_limit_on_a_grading() -> None:
    async with service(grading_timeout_ns=1_000_000) as s:
        with pytest.raises(CallFailed) as caught:
            await s.client.grade("add", program_of("wait"))
        assert caught.value.reason == "DEADLINE_PASSED"


async def test_slots_that_do_not_work() -> None:
    async with service("broken") as s:
        with pytest.raises(Unavailable, match="no slot works: slot 0: no cgroup: mount one"):
            await s.client.grade("add", program_of("accept"))
        assert [problem.slug for problem in await s.client.list_problems()] == ["add"]


async def test_a_drain_that_cancels() -> None:
    async with service(drain_timeout_ns=0) as s:
        events = s.client.grade_stream("add", program_of("wait"))
        assert [(await anext(events)).kind.value for _ in range(2)] == ["queued", "compiling"]
        stopping = asyncio.create_task(s.server.stop())
        with pytest.raises(Unavailable) as caught:
            await anext(events)
        assert caught.value.reason == "DRAINING"
        await stopping
