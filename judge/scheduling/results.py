"""Reports that outlive the process: asked for when memory has none, kept when a grading has ended.

A grading is named twice. Before it runs, by its *lasting work*: the package's files, the program, the toolchain, the
engine's revision and its settings, all that a service can know without compiling the problem. When it has run, by its
grading digest, which holds the compiled plan's digest instead of the package's files. Reports are stored under the
second name, and the first is a link to it. Compiling is deterministic, so a work leads to one digest.

What the service saw of package and toolchain is compared again before the link is made, since a grader looks at both
by itself and later: the report must name the same toolchain, and the package must not have changed from before the
grading to after it. Otherwise the report is not kept, which costs another grading and nothing else. A store that fails
is an error in the log and in ``judge_store_faults_total``, and gradings go on without it.

Reports that end within a moment are kept together: one look at each package, one transaction.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from judge.errors import JudgeError
from judge.model.report import Report
from judge.model.verdict import Verdict
from judge.ports import Observer, ResultStore
from judge.scheduling.gathering import Gathering

log = structlog.get_logger()

_MOMENT_S = 0.05
_MOST = 64  # reports kept together


@dataclass(frozen=True, kw_only=True, slots=True)
class Lasting:
    """What names a grading in every process, now and later."""

    work: str  # a digest
    toolchain: str  # as a report names it
    package: str  # names the state that the package was in when ``work`` was computed
    unchanged: Callable[[], Awaitable[bool]]  # whether it is still in that state
    asked: bool = False  # whether the store has been asked for it, and has no report


class Results:
    """The reports of a store, as gradings use them. Used from one event loop."""

    def __init__(self, store: ResultStore, observer: Observer) -> None:
        self._store = store
        self._observer = observer
        self._keeping = Gathering(self._keep, moment_s=_MOMENT_S, most=_MOST)

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
            self._keeping.add((lasting, report))

    async def settle(self) -> None:
        """Waits until everything that was to be kept is."""
        await self._keeping.settle()

    async def _keep(self, ended: list[tuple[Lasting, Report]]) -> None:
        try:
            looks = {lasting.package: lasting.unchanged for lasting, _ in ended}
            unchanged = {package for package, look in looks.items() if await look()}
            links = {lasting.work: report for lasting, report in ended if lasting.package in unchanged}
            if links:
                await self._store.link(links)
        except JudgeError as error:
            self._complain("keep", error)

    def _complain(self, operation: str, error: JudgeError) -> None:
        self._observer.count("judge_store_faults_total", {"operation": operation})
        log.error("the store failed", operation=operation, reason=str(error))
