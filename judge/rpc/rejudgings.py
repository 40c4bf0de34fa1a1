"""The methods of BatchService that rejudge: begin, compare, apply, drop."""

from __future__ import annotations

from judge.api.v1 import batch_pb2, report_pb2
from judge.batch.rejudgings import Rejudgings, Selection
from judge.model.verdict import Verdict
from judge.rpc import validate
from judge.rpc.convert import verdict_from_proto
from judge.rpc.convert_batch import batch_to_proto, change_to_proto, rejudging_to_proto, transition_to_proto
from judge.rpc.interceptors import Context

_DEFAULT_PAGE = 100


class RejudgingMethods:
    """The part of ``BatchServicer`` that rejudges."""

    def __init__(self, rejudgings: Rejudgings) -> None:
        self._rejudgings = rejudgings

    async def Rejudge(self, request: batch_pb2.RejudgeBatchRequest, context: Context) -> batch_pb2.RejudgeBatchResponse:
        """Begins a rejudging."""
        validate.check_rejudge(request)
        selection = Selection(
            problems=frozenset(request.problems),
            verdicts=frozenset(map(_verdict_of, request.verdicts)),
            item_ids=frozenset(request.item_ids),
        )
        begun = await self._rejudgings.begin(request.batch_id, request.request_id, selection)
        return batch_pb2.RejudgeBatchResponse(rejudging=rejudging_to_proto(begun))

    async def Diff(self, request: batch_pb2.DiffRejudgeRequest, context: Context) -> batch_pb2.DiffRejudgeResponse:
        """A page of changes."""
        validate.check_batch_request(request)
        limit = request.page_size or _DEFAULT_PAGE
        after = validate.check_position("page_token", request.page_token)
        comparison = await self._rejudgings.compare(request.rejudging_id, after=after, limit=limit + 1)
        more = len(comparison.changes) > limit
        page = comparison.changes[:limit]
        return batch_pb2.DiffRejudgeResponse(
            changes=map(change_to_proto, page),
            next_page_token=str(page[-1].number) if more else "",
            rejudging=rejudging_to_proto(comparison),
            transitions=[] if after else map(transition_to_proto, comparison.transitions),
        )

    async def Apply(self, request: batch_pb2.ApplyRejudgeRequest, context: Context) -> batch_pb2.ApplyRejudgeResponse:
        """Makes its results the batch's."""
        validate.check_batch_request(request)
        progress = await self._rejudgings.apply(request.rejudging_id)
        return batch_pb2.ApplyRejudgeResponse(batch=batch_to_proto(progress))

    async def Drop(self, request: batch_pb2.DropRejudgeRequest, context: Context) -> batch_pb2.DropRejudgeResponse:
        """Forgets it."""
        validate.check_batch_request(request)
        await self._rejudgings.drop(request.rejudging_id)
        return batch_pb2.DropRejudgeResponse()


def _verdict_of(number: report_pb2.Verdict) -> Verdict | None:
    return verdict_from_proto(number) if number else None
