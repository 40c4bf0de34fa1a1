"""Reports that outlive the process: asked for when memory has none, kept when a grading has ended.

A grading is named twice. Before it runs, by its *lasting work*: the package's files, the program, the toolchain, the
engine's revision and its settings, all that a service can know without compiling the problem. When it has run, by its
grading digest, which holds the compiled plan's digest instead of the package's files. Reports are stored under the
second name, and the first is a link to it. Compiling is deterministic, so a work leads to one digest.

What the service saw of package and toolchain is compared again before the link is made, since a grader looks at both
by itself and later: the report must name the same toolchain, and the package must not have changed from before the
grading to after it. Otherwise the report is not kept, which costs another grading and nothing else. A store that fails
is an error in the log and in ``judge_store_faults_total``, and gradings go on without it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from judge.errors import JudgeError
from judge.model.report import Report
from judge.model.verdict import Verdict
from judge.ports import Observer, ResultStore

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Lasting:
    """What names a grading in every process, now and later."""

    work: str  # a digest
    toolchain: str  # as a report names it
    unchanged: Callable[[], Awaitable[bool]]  # whether the package is still what it was when ``work`` was computed
    asked: bool = False  # whether the store has been asked for it, and has no report


class Results:
    """The reports of a store, as gradings use them. Used from one event loop."""

    def __init__(self, store: ResultStore, observer: Observer) -> None:
        self._store = store
        self._observer = observer
        self._keeping: set[asyncio.Task[None]] = set()

    async def find(self, lasting: Lasting) -> Report | None:
        """The report of this work; None when there is none, or when the store fails."""
        try:
            return await self._store.find(lasting.work)
        except JudgeError as error:
            self._complain("find", error)
            return None

    def keep(self, lasting: Lasting, report: Report) -> None:
        """Keeps a report in the background; one of JUDGE_ERROR never."""
        if report.verdict is not Verdict.JUDGE_ERROR and report.toolchain == lasting.toolchain:
            task = asyncio.create_task(self._keep(lasting, report))
            self._keeping.add(task)
            task.add_done_callback(self._keeping.discard)

    async def settle(self) -> None:
        """Waits until everything that was to be kept is."""
        while self._keeping:
            await asyncio.wait(list(self._keeping))

    async def _keep(self, lasting: Lasting, report: Report) -> None:
        try:
            if await lasting.unchanged():
                await self._store.link(lasting.work, report)
        except JudgeError as error:
            self._complain("keep", error)

    def _complain(self, operation: str, error: JudgeError) -> None:
        self._observer.count("judge_store_faults_total", {"operation": operation})
        log.error("the store failed", operation=operation, reason=str(error))
