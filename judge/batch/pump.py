"""From a file of submissions to a file of results: so many at a time, each result written when it is there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from judge.batch.ledger import Ledger, Standing
from judge.batch.lines import BadLine, Submission
from judge.model.batch import ItemFailure
from judge.model.verdict import Verdict

_BREATH = 256  # lines that may be skipped before others have a turn


@dataclass(frozen=True, kw_only=True, slots=True)
class Graded:
    """A submission with its report."""

    verdict: Verdict
    json: bytes  # the report
    message: str = ""  # of the report
    calls: int = 0  # of the candidate's function, all tests together


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A fault of the judge: no line is written, so that the next run tries again."""

    message: str
    fatal: bool  # whether others would fail alike


Outcome = Graded | ItemFailure | Fault


@dataclass(slots=True)
class Pump:
    """One run; ``run`` is called once."""

    ledger: Ledger
    grade: Callable[[Submission], Awaitable[Outcome]]
    parallel: int  # submissions in flight
    advance: Callable[[int], None] = lambda _: None  # is told how many bytes of the input are done with
    warn: Callable[[str], None] = lambda _: None  # is told what has no line
    also: Callable[[Submission, Graded], Mapping[str, Any]] = lambda line, graded: line.told  # keys of a result's line
    repeated: int = 0  # lines whose id an earlier line had
    faults: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _broken: BaseException | None = None  # why the run stops early
    _stopped: bool = False

    async def run(self, lines: Iterator[Submission | BadLine]) -> None:
        """Grades what has no line yet. Raises InfrastructureError when results cannot be written."""
        try:
            for number, line in enumerate(lines):
                if number % _BREATH == 0:
                    await asyncio.sleep(0)
                if self._stopped:
                    break
                await self._take(line)
            await self._until(0)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._broken is not None:
            raise self._broken

    async def _take(self, line: Submission | BadLine) -> None:
        standing = self.ledger.standing(line.item_id, line.line)
        if standing is Standing.NEW and isinstance(line, Submission):
            await self._until(self.parallel - 1)
            task = asyncio.create_task(self._grade(line))
            self._tasks.add(task)
            task.add_done_callback(self._done)
            return
        if standing is Standing.REPEATED:
            self.repeated += 1
            self.warn(f"line {line.line}: expected every id once, found {line.item_id!r} again")
        elif standing is Standing.NEW and isinstance(line, BadLine):
            self._write(line, ItemFailure(reason="INVALID_LINE", message=line.message))
        self.advance(line.size_bytes)

    async def _until(self, count: int) -> None:
        while len(self._tasks) > count:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def _grade(self, line: Submission) -> None:
        if not self._stopped:
            self._write(line, await self.grade(line))
        self.advance(line.size_bytes)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._broken, self._stopped = error, True

    def _write(self, line: Submission | BadLine, outcome: Outcome) -> None:
        if isinstance(outcome, Fault):
            self.faults += 1
            self._stopped = self._stopped or outcome.fatal
            self.warn(f"line {line.line}: {outcome.message}")
        elif isinstance(outcome, Graded):
            also = self.also(line, outcome) if isinstance(line, Submission) else {}
            head = msgspec.json.encode({"id": line.item_id, **also})
            self.ledger.add(b'%b,"report":%b}' % (head[:-1], outcome.json), outcome.verdict.value)
        else:
            error = {"reason": outcome.reason, "message": outcome.message, "field": outcome.field}
            told = line.told if isinstance(line, Submission) else {}
            fields = {"id": line.item_id, "line": line.line, **told, "error": error}
            self.ledger.add(msgspec.json.encode(fields), None)
