"""Batches as a client sees them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from judge.api.v1 import batch_pb2, grading_pb2, report_pb2
from judge.model.batch import BatchState, Change, ItemFailure, Mark
from judge.model.program import Program
from judge.model.report import Report
from judge.model.verdict import Verdict
from judge.rpc import convert


@dataclass(frozen=True, kw_only=True, slots=True)
class NewItem:
    """A submission of a batch that is to be created."""

    item_id: str  # unique in the batch, 1 to 128 characters
    problem: str  # slug
    program: Program


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchProgress:
    """How far a batch is."""

    waiting_count: int
    running_count: int
    finished_count: int  # with a report
    failed_count: int  # with a failure
    cancelled_count: int
    items_per_second: float | None
    remaining_s: float | None

    @property
    def item_count(self) -> int:
        """All items."""
        return self.waiting_count + self.running_count + self.done_count + self.cancelled_count

    @property
    def done_count(self) -> int:
        """Items with a result."""
        return self.finished_count + self.failed_count


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchStatus:
    """A batch; a rejudging as well."""

    batch_id: str
    display_name: str
    state: BatchState
    progress: BatchProgress
    priority: int
    rejudged_batch_id: str  # of a rejudging: the batch whose items it grades again; otherwise empty
    generation: int  # how many rejudgings were applied to it


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchResult:
    """What became of an item."""

    item_id: str
    outcome: Report | ItemFailure


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejudging:
    """A second grading of a batch's items."""

    rejudging_id: str
    batch_id: str
    state: BatchState
    progress: BatchProgress
    changed_count: int  # items whose verdict or score is another


@dataclass(frozen=True, kw_only=True, slots=True)
class Transition:
    """The items of a rejudging that went from one verdict to another, or kept it; None stands for a failure."""

    before: Verdict | None
    after: Verdict | None
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Diff:
    """What a rejudging changes."""

    rejudging: Rejudging
    transitions: tuple[Transition, ...]
    changes: tuple[Change, ...]  # by item


def items_to_proto(items: list[NewItem]) -> batch_pb2.CreateBatchRequest:
    """Returns the message of several items."""
    messages = [
        batch_pb2.BatchItem(item_id=item.item_id, problem=item.problem, program=convert.program_to_proto(item.program))
        for item in items
    ]
    return batch_pb2.CreateBatchRequest(items=batch_pb2.BatchItems(items=messages))


def status_of(message: batch_pb2.Batch) -> BatchStatus:
    """Returns the batch of a message."""
    return BatchStatus(
        batch_id=message.batch_id,
        display_name=message.display_name,
        state=_state_of(message.state),
        progress=_progress_of(message.progress),
        priority=message.priority,
        rejudged_batch_id=message.rejudged_batch_id,
        generation=message.generation,
    )


def result_of(message: batch_pb2.BatchResult) -> BatchResult:
    """Returns the result of a message."""
    if message.WhichOneof("outcome") == "report":
        return BatchResult(item_id=message.item_id, outcome=convert.report_from_proto(message.report))
    return BatchResult(item_id=message.item_id, outcome=_failure_of(message.error))


def rejudging_of(message: batch_pb2.Rejudging) -> Rejudging:
    """Returns the rejudging of a message."""
    return Rejudging(
        rejudging_id=message.rejudging_id,
        batch_id=message.batch_id,
        state=_state_of(message.state),
        progress=_progress_of(message.progress),
        changed_count=message.changed_count,
    )


def change_of(number: int, message: batch_pb2.DiffRejudgeResponse.Change) -> Change:
    """Returns the change of a message."""
    return Change(
        number=number,
        item_id=message.item_id,
        before=_mark_of(message.verdict_before, message.score_before),
        after=_mark_of(message.verdict_after, message.score_after),
    )


def transition_of(message: batch_pb2.DiffRejudgeResponse.Transition) -> Transition:
    """Returns the transition of a message."""
    before, after = verdict_of(message.verdict_before), verdict_of(message.verdict_after)
    return Transition(before=before, after=after, count=message.item_count)


def verdict_of(number: report_pb2.Verdict) -> Verdict | None:
    """Returns the verdict of a value; None for the unspecified one, which stands for a failure."""
    return convert.verdict_from_proto(number) if number else None


def _mark_of(verdict: report_pb2.Verdict, score: report_pb2.Rational) -> Mark:
    return Mark(verdict=verdict_of(verdict), score=Fraction(score.numerator, score.denominator or 1))


def _failure_of(message: grading_pb2.ItemError) -> ItemFailure:
    return ItemFailure(reason=message.reason, message=message.message, field=message.field)


def _state_of(number: batch_pb2.BatchState) -> BatchState:
    return BatchState(batch_pb2.BatchState.Name(number).removeprefix("BATCH_STATE_").lower())


def _progress_of(message: batch_pb2.BatchProgress) -> BatchProgress:
    return BatchProgress(
        waiting_count=message.waiting_count,
        running_count=message.running_count,
        finished_count=message.finished_count,
        failed_count=message.failed_count,
        cancelled_count=message.cancelled_count,
        items_per_second=message.items_per_second if message.HasField("items_per_second") else None,
        remaining_s=message.remaining_time.ToNanoseconds() / 1e9 if message.HasField("remaining_time") else None,
    )
