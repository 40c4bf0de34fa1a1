"""Whatever is killed with SIGKILL in the middle of a batch, every item gets exactly one report, and the right one.

A worker, the processes of its jail, the service, the database: with ``KILLS=20`` in the environment each of them in
twenty batches. The moment is another one each time: after so many results. Without it nothing is killed here, for
starting so many services takes minutes on busy cores: ``make test-kills``; the suite's own is test_batch_survives.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from judge.client import BatchResult, BatchState, BatchStatus, JudgeClient, NewItem, program_of
from judge.config import Settings
from judge.model.report import Report
from judge.model.verdict import Verdict
from tests.integration.batch.measure import write_package
from tests.integration.batch.postgres_server import PostgresServer

ROOT = Path(__file__).parents[3]
SERVED = Path(__file__).parent / "served.py"
TIMES = range(int(os.environ.get("KILLS", "0")))
ASKED_FOR = pytest.mark.skipif(not TIMES, reason="services are killed by `make test-kills` (KILLS)")
pytestmark = ASKED_FOR
ITEMS, REAL_ITEMS = 2000, 400  # so many that nobody who watches sees the middle when the end has come
ADD = "def add(a, b):\n    return a + b\n"
SETTINGS = Settings(uid_base=71_000)  # users of no other service
Kill = Callable[[], None]


def needs_slots(test: Callable[..., None]) -> Callable[..., None]:
    """Marks a test that starts real jails."""
    built = (SETTINGS.runtime_root / "python3" / "runtime.json").exists()
    reason = f"the Python runtime is not built in {SETTINGS.runtime_root} (make runtime)"
    for mark in (
        pytest.mark.sandbox,
        pytest.mark.skipif(os.geteuid() != 0, reason="real slots need root"),
        pytest.mark.skipif(not built, reason=reason),
    ):
        test = mark(test)
    return test


# --- what is killed -------------------------------------------------------------------------------------------------


def children(pid: int) -> list[int]:
    """The processes that a process has started and that live."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def workers(service: int) -> list[int]:
    """The workers of a service."""
    return [pid for pid in children(service) if b"worker" in command_of(pid)]


def command_of(pid: int) -> bytes:
    """The command line of a process; empty for one that is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def jails(service: int) -> list[int]:
    """The first processes in the jails of a service, those with which all others in there end."""
    outside = [jail for worker in workers(service) for jail in children(worker)]
    return [pid for jail in outside for pid in children(jail)]


def shoot(victims: Callable[[], list[int]]) -> None:
    """Kills one of them; one may just be made anew, then this waits for it."""
    end = time.monotonic() + 60
    while not (pids := victims()):
        assert time.monotonic() < end, "there is nobody to kill"
    os.kill(random.choice(pids), signal.SIGKILL)


@contextmanager
def fake_service(directory: Path, store: str, slots: int = 2) -> Iterator[subprocess.Popen[str]]:
    """A service whose workers obey the source."""
    with started([sys.executable, str(SERVED), f"unix:{directory}/s", store, str(slots)]) as process:
        yield process


@contextmanager
def real_service(directory: Path) -> Iterator[subprocess.Popen[str]]:
    """``judge serve`` with two slots and a problem that adds two numbers."""
    write_package(directory / "problems" / "bench" / "bench-add")
    settings = {
        "listen_address": f"unix:{directory}/s",
        "metrics_address": "",
        "store": str(directory / "judge.db"),
        "slots": "2",
        "log_level": "error",
        "problems_dir": str(directory / "problems"),
        "uid_base": str(SETTINGS.uid_base),
    }
    sets = [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
    with started([sys.executable, "-m", "judge.cli.main", "serve", *sets]) as process:
        yield process


@contextmanager
def started(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line == "ready\n" or "address" in json.loads(line)
            yield process
        finally:
            process.terminate()
            process.wait(120)


# --- the batch ------------------------------------------------------------------------------------------------------


def items(count: int, problem: str, source: str) -> list[NewItem]:
    return [
        NewItem(item_id=f"item-{number}", problem=problem, program=program_of(f"{source}{number}\n"))
        for number in range(count)
    ]


async def graded(directory: Path, batch: list[NewItem], kills: dict[int, Kill]) -> None:
    """Has a batch graded, kills after so many results, and looks at all reports."""
    async with JudgeClient(f"unix:{directory}/s", attempts=1000) as client:
        batch_id = (await client.batches.create(batch)).batch_id
        seen: list[BatchResult] = []
        last: BatchStatus | None = None
        async for change in client.batches.watch(batch_id):
            if isinstance(change, BatchStatus):
                last = change
            else:
                seen.append(change)
                if kill := kills.pop(len(seen), None):
                    assert (await client.batches.get(batch_id)).state is BatchState.RUNNING  # in its middle
                    await asyncio.to_thread(kill)
                    await client.batches.get(batch_id)  # the channel finds at once what has come back
        kept = [result async for result in client.batches.results(batch_id)]
    assert not kills
    assert [result for result in kept if not isinstance(result.outcome, Report)] == []
    assert last is not None
    assert (last.state, last.progress.finished_count) == (BatchState.SUCCEEDED, len(batch)), last
    for results in (seen, kept):
        assert Counter(result.item_id for result in results) == Counter(item.item_id for item in batch)
        reports = {r.item_id: r.outcome for r in results if isinstance(r.outcome, Report)}
        assert {report.verdict for report in reports.values()} == {Verdict.ACCEPTED}
        assert all(reports[item.item_id].program_digest == item.program.digest for item in batch)
    assert len({r.outcome.submission_id for r in kept if isinstance(r.outcome, Report)}) == len(batch)


@pytest.fixture
def directory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="judge-") as name:
        Path(name).chmod(0o755)  # the problem's files are read from inside
        yield Path(name)


class Restarted:
    """A service that can be killed and started again."""

    def __init__(self, directory: Path, store: str) -> None:
        self._directory, self._store = directory, store
        self._service = fake_service(directory, store)
        self._process = self._service.__enter__()

    def kill(self) -> None:
        self._process.kill()
        self.end()
        self._service = fake_service(self._directory, self._store)
        self._process = self._service.__enter__()

    def end(self) -> None:
        self._service.__exit__(None, None, None)


@pytest.mark.parametrize("again", TIMES)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_the_service(directory: Path, kind: str, again: int, request: pytest.FixtureRequest) -> None:
    store = str(directory / "db") if kind == "sqlite" else request.getfixturevalue("postgres").new_database()
    service = Restarted(directory, store)
    try:
        after = random.randint(1, ITEMS // 10)
        asyncio.run(graded(directory, items(ITEMS, "add", "accept:"), {after: service.kill}))
    finally:
        service.end()


@pytest.mark.parametrize("again", TIMES)
def test_the_database(directory: Path, again: int, postgres: PostgresServer) -> None:
    def kill() -> None:
        postgres.kill()
        postgres.start()

    with fake_service(directory, postgres.new_database()):
        after = random.randint(1, ITEMS // 10)
        asyncio.run(graded(directory, items(ITEMS, "add", "accept:"), {after: kill}))


@pytest.fixture(scope="module")
def serving() -> Iterator[tuple[Path, int]]:
    """One service with real slots for all times: its directory and its process."""
    with tempfile.TemporaryDirectory(prefix="judge-") as name:
        Path(name).chmod(0o755)
        with real_service(Path(name)) as process:
            yield Path(name), process.pid


@needs_slots
@pytest.mark.parametrize("again", TIMES)
@pytest.mark.parametrize("victims", [workers, jails])
def test_real_slots(serving: tuple[Path, int], victims: Callable[[int], list[int]], again: int) -> None:
    """One in a batch: two within the time of one grading can meet it twice, and then it is a failure, and right so."""
    directory, service = serving
    for half in range(2):
        source = f"{ADD}# {victims.__name__} {again} {half} "
        batch, after = items(REAL_ITEMS, "bench-add", source), random.randint(1, REAL_ITEMS // 4)
        asyncio.run(graded(directory, batch, {after: lambda: shoot(lambda: victims(service))}))
