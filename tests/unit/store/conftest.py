"""Every adapter of the port Store, and coroutine tests in an event loop of their own; a test that hangs fails."""

from __future__ import annotations

import asyncio
import inspect
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from judge.store.memory import MemoryStore
from judge.store.sql import open_store

_HANG_S = 60
_POSTGRES = Path("/usr/lib/postgresql/15/bin")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    asyncio.run(asyncio.wait_for(pyfuncitem.obj(**arguments), _HANG_S))
    return True


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The directory of the Unix socket of a PostgreSQL server of its own, which trusts everybody."""
    pytest.importorskip("asyncpg", reason="asyncpg is not installed (the extra judge[postgres])")
    if not (_POSTGRES / "initdb").exists():
        pytest.skip(f"PostgreSQL 15 is not installed in {_POSTGRES}")
    run: dict[str, Any] = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    directory = Path(tempfile.mkdtemp(prefix="judge-pg-", dir="/tmp"))
    if os.geteuid() == 0:  # the server refuses to be root
        account = pwd.getpwnam("nobody")
        run |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}
        os.chown(directory, account.pw_uid, account.pw_gid)
    data, options = directory / "data", f"-c listen_addresses= -c fsync=off -k {directory}"
    subprocess.run([_POSTGRES / "initdb", "-D", data, "-U", "judge", "-A", "trust", "-E", "UTF8"], **run)
    subprocess.run([_POSTGRES / "pg_ctl", "-D", data, "-w", "-o", options, "start"], **run)
    try:
        yield str(directory)
    finally:
        subprocess.run([_POSTGRES / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"], **run)
        shutil.rmtree(directory)


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
        directory, name = request.getfixturevalue("postgres"), f"t{uuid.uuid4().hex}"
        create = [str(_POSTGRES / "createdb"), "-h", directory, "-U", "judge", name]
        subprocess.run(create, check=True)
        address = f"postgresql://judge@/{name}?host={directory}"
    return lambda: open_store(address)
