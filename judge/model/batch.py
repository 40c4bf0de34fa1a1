"""Batches: many submissions under one name, each of which gets exactly one result."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from fractions import Fraction

from judge.model.program import Program
from judge.model.report import Report
from judge.model.verdict import Verdict


class BatchState(enum.StrEnum):
    """Where a batch is in its life."""

    CREATING = "creating"  # its items are still coming; nobody sees it
    RUNNING = "running"
    SUCCEEDED = "succeeded"  # every item has a result
    CANCELLED = "cancelled"  # before every item had one
    APPLIED = "applied"  # of a rejudging: its results are the batch's


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """A batch and how far it is."""

    batch_id: str
    request_id: str  # unique among batches
    display_name: str
    priority: int  # those with a higher one go first
    state: BatchState
    content: str  # digest of the header and the items; empty while they are coming
    item_count: int  # 0 while they are coming
    finished_count: int  # with a report
    failed_count: int  # with a failure
    create_unix_ns: int
    end_unix_ns: int | None  # None while it runs
    base_id: str = ""  # of a rejudging: the batch whose items it grades again
    generation: int = 0  # how many rejudgings were applied to it; of a rejudging: to its batch, before it began

    @property
    def done_count(self) -> int:
        """Items with a result: also the position of the latest one."""
        return self.finished_count + self.failed_count


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A result in short."""

    verdict: Verdict | None  # None: a failure
    score: Fraction = Fraction(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchItem:
    """One submission of a batch."""

    number: int  # in the order in which they came, from 1
    item_id: str  # chosen by the client, unique in the batch
    problem: str  # slug
    program: Program
    before: Mark | None = None  # of a rejudging's item, until it is added: the result that it has in the batch


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownItem:
    """An item that may have been graded before."""

    number: int
    work: str  # names everything that can change the answer, as ``judge.ports.ResultStore`` links it to reports
    submission_id: str  # that it gets


@dataclass(frozen=True, kw_only=True, slots=True)
class Chunk:
    """A range of a batch's items that one service has leased."""

    batch_id: str
    first_number: int
    last_number: int  # items beyond the batch's last one do not exist
    attempt: int  # how often it was claimed, this time included
    token: str  # of this claim


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemFailure:
    """Why an item has no report."""

    reason: str  # machine-readable: "UNKNOWN_PROBLEM"
    message: str
    field: str = ""  # the path of the offending field; empty when none is


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemResult:
    """What became of one item: a report or a failure."""

    item_id: str
    position: int  # in the order in which they finished, from 1
    outcome: Report | ItemFailure


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """An item whose result a rejudging changes."""

    number: int  # of the item
    item_id: str
    before: Mark
    after: Mark


@dataclass(frozen=True, kw_only=True, slots=True)
class Transition:
    """The items of a rejudging that went from one verdict to another, or kept it."""

    before: Verdict | None  # None: a failure
    after: Verdict | None
    count: int
    changed_count: int  # those of them whose verdict or score is another; a failure changes nothing


def mark_of(outcome: Report | ItemFailure) -> Mark:
    """Returns a result in short."""
    return Mark(verdict=outcome.verdict, score=outcome.score) if isinstance(outcome, Report) else Mark(verdict=None)
