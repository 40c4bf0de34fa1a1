"""Workers in processes of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from judge.authoring.pool import ProcessWorkers
from judge.authoring.workers import Tools
from judge.errors import InfrastructureError, SpecError


@contextmanager
def tools() -> Iterator[Any]:
    yield "tools"


@contextmanager
def broken() -> Iterator[Any]:
    raise InfrastructureError("no slot")
    yield


def half(tools: Tools, number: int) -> tuple[int, int, str]:
    if number % 2:
        raise SpecError("expected an even number", file="judge.yaml", line=number)
    return number // 2, os.getpid(), str(tools)


def leave(tools: Tools, number: int) -> None:
    os._exit(3)


def crash(tools: Tools, number: int) -> float:
    return 1 / number


def workers(opener: Any = tools) -> ProcessWorkers:
    return ProcessWorkers(opener, 2, lambda language, runtime: language, lambda problem: None)


def test_jobs_run_in_two_processes_that_stay() -> None:
    with workers() as pool:
        found = dict(pool.run(half, [0, 2, 4, 6]))
        assert {position: half for position, (half, _, _) in found.items()} == {0: 0, 1: 1, 2: 2, 3: 3}
        processes = {process for _, process, _ in found.values()}
        assert os.getpid() not in processes
        assert len(processes) == 2
        assert {process for _, (_, process, _) in pool.run(half, [8, 10])} <= processes


def test_errors_of_a_job_come_back_as_they_are() -> None:
    with workers() as pool:
        with pytest.raises(SpecError, match="even") as caught:
            list(pool.run(half, [3]))
        assert (caught.value.file, caught.value.line) == ("judge.yaml", 3)
        with pytest.raises(RuntimeError, match="ZeroDivisionError"):
            list(pool.run(crash, [0]))
        with pytest.raises(InfrastructureError, match="ended in the middle"):
            list(pool.run(leave, [0]))
    with workers(broken) as pool, pytest.raises(InfrastructureError, match="no slot"):
        list(pool.run(half, [0]))
