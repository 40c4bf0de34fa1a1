"""Batches, results and rejudgings to messages."""

from __future__ import annotations

from google.protobuf import timestamp_pb2

from judge.api.v1 import batch_pb2, report_pb2
from judge.batch.batches import Progress
from judge.batch.rejudgings import Comparison
from judge.model.batch import BatchState, Change, ItemResult, Transition
from judge.model.report import Report
from judge.model.verdict import Verdict
from judge.rpc import convert
from judge.rpc.status import item_error
from judge.units import NANOSECONDS

_STATES = {
    BatchState.RUNNING: batch_pb2.BATCH_STATE_RUNNING,
    BatchState.SUCCEEDED: batch_pb2.BATCH_STATE_SUCCEEDED,
    BatchState.CANCELLED: batch_pb2.BATCH_STATE_CANCELLED,
    BatchState.APPLIED: batch_pb2.BATCH_STATE_APPLIED,
}


def batch_to_proto(progress: Progress) -> batch_pb2.Batch:
    """Returns the message of a batch."""
    batch = progress.batch
    return batch_pb2.Batch(
        batch_id=batch.batch_id,
        display_name=batch.display_name,
        state=_STATES[batch.state],
        create_time=_time(batch.create_unix_ns),
        end_time=None if batch.end_unix_ns is None else _time(batch.end_unix_ns),
        progress=_progress(progress),
        priority=batch.priority,
        rejudged_batch_id=batch.base_id,
        generation=batch.generation,
    )


def result_to_proto(result: ItemResult, view: int = convert.FULL) -> batch_pb2.BatchResult:
    """Returns the message of an item's result, as much of it as ``view`` (a ``ReportView``) shows."""
    if isinstance(result.outcome, Report):
        report = convert.report_to_proto(result.outcome, view)
        return batch_pb2.BatchResult(item_id=result.item_id, report=report)
    return batch_pb2.BatchResult(item_id=result.item_id, error=item_error(result.outcome))


def rejudging_to_proto(comparison: Comparison) -> batch_pb2.Rejudging:
    """Returns the message of a rejudging."""
    batch = comparison.progress.batch
    return batch_pb2.Rejudging(
        rejudging_id=batch.batch_id,
        batch_id=batch.base_id,
        state=_STATES[batch.state],
        progress=_progress(comparison.progress),
        changed_count=comparison.changed_count,
    )


def change_to_proto(change: Change) -> batch_pb2.DiffRejudgeResponse.Change:
    """Returns the message of a change."""
    return batch_pb2.DiffRejudgeResponse.Change(
        item_id=change.item_id,
        verdict_before=_verdict(change.before.verdict),
        verdict_after=_verdict(change.after.verdict),
        score_before=convert.rational_to_proto(change.before.score),
        score_after=convert.rational_to_proto(change.after.score),
    )


def transition_to_proto(transition: Transition) -> batch_pb2.DiffRejudgeResponse.Transition:
    """Returns the message of a transition."""
    return batch_pb2.DiffRejudgeResponse.Transition(
        verdict_before=_verdict(transition.before),
        verdict_after=_verdict(transition.after),
        item_count=transition.count,
    )


def _verdict(verdict: Verdict | None) -> report_pb2.Verdict:
    return convert.verdict_to_proto(verdict) if verdict else report_pb2.VERDICT_UNSPECIFIED


def _progress(progress: Progress) -> batch_pb2.BatchProgress:
    remaining_s = progress.remaining_s
    return batch_pb2.BatchProgress(
        waiting_count=progress.waiting_count,
        running_count=progress.running_count,
        finished_count=progress.batch.finished_count,
        failed_count=progress.batch.failed_count,
        cancelled_count=progress.cancelled_count,
        items_per_second=progress.items_per_second,
        remaining_time=None if remaining_s is None else convert.duration_of(int(remaining_s * NANOSECONDS)),
    )


def _time(unix_ns: int) -> timestamp_pb2.Timestamp:
    return timestamp_pb2.Timestamp(seconds=unix_ns // NANOSECONDS, nanos=unix_ns % NANOSECONDS)
