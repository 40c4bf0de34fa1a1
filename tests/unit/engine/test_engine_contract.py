"""The contract of the port Engine, for every adapter and the twin."""

from __future__ import annotations

import asyncio
import sys
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from judge.engine.local import LocalEngine
from judge.errors import SubmissionError
from judge.model.event import Event, EventKind
from judge.model.program import Program, SourceFile
from judge.model.verdict import Verdict
from judge.ports import GradingRequest
from judge.twins import MemoryEngine, RecordingObserver

WORKER = Path(__file__).with_name("fake_worker.py")


class Subject(ABC):
    """An engine, and how to make it do what the contract speaks of."""

    engine: Any

    @abstractmethod
    def endless(self) -> GradingRequest:
        """A request whose grading does not end by itself."""

    @abstractmethod
    def refused(self) -> GradingRequest:
        """A request that the grader refuses with SubmissionError."""


class Memory(Subject):
    def __init__(self) -> None:
        self.engine = MemoryEngine()

    def endless(self) -> GradingRequest:
        self.engine.hold()
        return request_of("accept")

    def refused(self) -> GradingRequest:
        self.engine.errors.append(SubmissionError("program.language", "expected python3, found cobol"))
        return request_of("accept")


class Local(Subject):
    def __init__(self, engine: LocalEngine) -> None:
        self.engine = engine

    def endless(self) -> GradingRequest:
        return request_of("wait")

    def refused(self) -> GradingRequest:
        return request_of("submission")


@asynccontextmanager
async def memory() -> AsyncIterator[Subject]:
    yield Memory()


@asynccontextmanager
async def local() -> AsyncIterator[Subject]:
    async with LocalEngine((sys.executable, str(WORKER), "ok"), slots=1, observer=RecordingObserver()) as engine:
        yield Local(engine)


def request_of(source: str) -> GradingRequest:
    program = Program(language="python3", files=(SourceFile(path="main.py", content=source.encode()),))
    return GradingRequest(submission_id="s1", problem="add", program=program)


Make = Callable[[], AbstractAsyncContextManager[Subject]]


@pytest.mark.parametrize("make", [memory, local])
async def test_the_contract(make: Make) -> None:
    async with make() as subject:
        engine = subject.engine
        told: list[int] = []
        engine.watch(told.append)

        # A grading returns the report on its request, after events that never hold one.
        events: list[Event] = []
        report = await engine.grade(request_of("accept"), events.append)
        assert (report.submission_id, report.verdict) == ("s1", Verdict.ACCEPTED)
        assert EventKind.COMPILING in [event.kind for event in events]

        # A listener hears the number of working slots at once and when it changes.
        assert told[-1] == 1

        # A refusal is the error that the grader raised.
        with pytest.raises(SubmissionError) as caught:
            await engine.grade(subject.refused(), events.append)
        assert caught.value.field == "program.language"

        # Cancelling the task kills the run.
        begun = asyncio.Event()
        task = asyncio.create_task(engine.grade(subject.endless(), lambda _: begun.set()))
        await begun.wait()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
