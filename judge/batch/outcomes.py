"""What becomes of one item: a report, a failure that is its own, or a wait until somebody can grade it.

A service without a slot that works, or that is full, is not the item's fault: it is tried again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Protocol

import structlog

from judge.errors import EnvironmentFault, InfrastructureError, JudgeError, Overloaded
from judge.model.batch import BatchItem, ItemFailure, KnownItem
from judge.model.report import Report
from judge.model.verdict import Verdict
from judge.scheduling.admission import Draining

log = structlog.get_logger()

_BORROWED = ("cached", "shared")  # phases of a report that repeats another one


class Grade(Protocol):
    """Grades items at the batches' priority."""

    def __call__(self, item: BatchItem, /) -> Awaitable[Report]:
        """Returns the report. Raises JudgeError."""
        ...

    async def recall(self, items: Sequence[BatchItem]) -> list[KnownItem]:
        """Returns those that may have been graded before, for the store to say which were."""
        ...


class Outcomes:
    """Grades items until there is an outcome."""

    def __init__(self, grade: Grade, describe: Callable[[JudgeError], ItemFailure]) -> None:
        self._grade = grade
        self._describe = describe
        self._working = 0
        self._epoch = 0  # how often ``_working`` was told
        self._alive = asyncio.Event()  # set while a slot works

    def set_working(self, slots: int) -> None:
        """Says how many slots work."""
        self._working = slots
        self._epoch += 1
        self._alive.set() if slots else self._alive.clear()

    async def of(self, item: BatchItem) -> Report | ItemFailure | None:
        """What becomes of an item; None when the service is stopping."""
        while True:
            epoch = self._epoch
            try:
                return _kept(await self._grade(item))
            except Draining:
                return None
            except Overloaded as error:
                await asyncio.sleep(error.retry_after_s)
            except EnvironmentFault as error:
                if self._working and epoch == self._epoch:  # it is the item's: no slot was lost or won meanwhile
                    return self._describe(error)
                await self._alive.wait()
            except JudgeError as error:
                return self._describe(error)
            except Exception as error:
                log.error("an item could not be graded", item=item.item_id, exc_info=error)
                return self._describe(InfrastructureError("internal error"))


def _kept(report: Report) -> Report | ItemFailure:
    """Returns what is kept of a report: one that repeats another is that one, and a fault of ours is a failure."""
    if report.verdict is Verdict.JUDGE_ERROR:
        return ItemFailure(reason="JUDGE_ERROR", message=report.message)
    own = tuple(phase for phase in report.phases if phase.name not in _BORROWED)
    return report if len(own) == len(report.phases) else replace(report, phases=own)
