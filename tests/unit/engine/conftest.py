"""Runs coroutine tests: each in an event loop of its own, those that use ``shared`` in one that outlives them.

A test that hangs fails, and so does one that leaves a child process behind.
"""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

_HANG_S = 60


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    scenario = asyncio.wait_for(pyfuncitem.obj(**arguments), _HANG_S)
    runner = pyfuncitem.funcargs.get("runner")
    if runner is None:
        asyncio.run(scenario)
    else:
        runner.run(scenario)
    return True


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


def _children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


@pytest.fixture(autouse=True)
def _no_child_is_left() -> Iterator[None]:
    """Fails a test that leaves a child process behind, running or not waited for."""
    before = _children()
    yield
    assert _children() <= before
