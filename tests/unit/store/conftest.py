"""Every adapter of the port Store, and coroutine tests in an event loop of their own; a test that hangs fails."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from judge.store.memory import MemoryStore
from judge.store.sql import open_store
from tests.integration.batch.postgres_server import BINARIES, PostgresServer

_HANG_S = 60


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    asyncio.run(asyncio.wait_for(pyfuncitem.obj(**arguments), _HANG_S))
    return True


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server."""
    pytest.importorskip("asyncpg", reason="asyncpg is not installed (the extra judge[postgres])")
    if not (BINARIES / "initdb").exists():
        pytest.skip(f"PostgreSQL 15 is not installed in {BINARIES}")
    with PostgresServer() as server:
        yield server


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Any]:
    """Opens the same store again and again; that in memory only once."""
    if request.param == "memory":
        store = MemoryStore()

        async def give() -> Any:
            return store

        return give
    address = str(tmp_path / "judge.db")
    if request.param == "postgres":
        address = request.getfixturevalue("postgres").new_database()
    return lambda: open_store(address)
