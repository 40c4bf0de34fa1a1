"""Batches: many submissions under one name, each of which gets exactly one result."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from judge.model.program import Program
from judge.model.report import Report


class BatchState(enum.StrEnum):
    """Where a batch is in its life."""

    CREATING = "creating"  # its items are still coming; nobody sees it
    RUNNING = "running"
    SUCCEEDED = "succeeded"  # every item has a result
    CANCELLED = "cancelled"  # before every item had one


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

    @property
    def done_count(self) -> int:
        """Items with a result: also the position of the latest one."""
        return self.finished_count + self.failed_count


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchItem:
    """One submission of a batch."""

    number: int  # in the order in which they came, from 1
    item_id: str  # chosen by the client, unique in the batch
    problem: str  # slug
    program: Program


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
