import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from judge.api.v1 import grading_pb2 as _grading_pb2
from judge.api.v1 import program_pb2 as _program_pb2
from judge.api.v1 import report_pb2 as _report_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BatchState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BATCH_STATE_UNSPECIFIED: _ClassVar[BatchState]
    BATCH_STATE_RUNNING: _ClassVar[BatchState]
    BATCH_STATE_SUCCEEDED: _ClassVar[BatchState]
    BATCH_STATE_CANCELLED: _ClassVar[BatchState]
    BATCH_STATE_APPLIED: _ClassVar[BatchState]
BATCH_STATE_UNSPECIFIED: BatchState
BATCH_STATE_RUNNING: BatchState
BATCH_STATE_SUCCEEDED: BatchState
BATCH_STATE_CANCELLED: BatchState
BATCH_STATE_APPLIED: BatchState

class Batch(_message.Message):
    __slots__ = ("batch_id", "display_name", "state", "create_time", "end_time", "progress", "priority", "rejudged_batch_id", "generation")
    BATCH_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    REJUDGED_BATCH_ID_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    batch_id: str
    display_name: str
    state: BatchState
    create_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    progress: BatchProgress
    priority: int
    rejudged_batch_id: str
    generation: int
    def __init__(self, batch_id: _Optional[str] = ..., display_name: _Optional[str] = ..., state: _Optional[_Union[BatchState, str]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., progress: _Optional[_Union[BatchProgress, _Mapping]] = ..., priority: _Optional[int] = ..., rejudged_batch_id: _Optional[str] = ..., generation: _Optional[int] = ...) -> None: ...

class BatchProgress(_message.Message):
    __slots__ = ("waiting_count", "running_count", "finished_count", "failed_count", "cancelled_count", "items_per_second", "remaining_time")
    WAITING_COUNT_FIELD_NUMBER: _ClassVar[int]
    RUNNING_COUNT_FIELD_NUMBER: _ClassVar[int]
    FINISHED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILED_COUNT_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_COUNT_FIELD_NUMBER: _ClassVar[int]
    ITEMS_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
    REMAINING_TIME_FIELD_NUMBER: _ClassVar[int]
    waiting_count: int
    running_count: int
    finished_count: int
    failed_count: int
    cancelled_count: int
    items_per_second: float
    remaining_time: _duration_pb2.Duration
    def __init__(self, waiting_count: _Optional[int] = ..., running_count: _Optional[int] = ..., finished_count: _Optional[int] = ..., failed_count: _Optional[int] = ..., cancelled_count: _Optional[int] = ..., items_per_second: _Optional[float] = ..., remaining_time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class BatchItem(_message.Message):
    __slots__ = ("item_id", "problem", "program")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    PROGRAM_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    problem: str
    program: _program_pb2.Program
    def __init__(self, item_id: _Optional[str] = ..., problem: _Optional[str] = ..., program: _Optional[_Union[_program_pb2.Program, _Mapping]] = ...) -> None: ...

class BatchResult(_message.Message):
    __slots__ = ("item_id", "report", "error")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    REPORT_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    report: _report_pb2.Report
    error: _grading_pb2.ItemError
    def __init__(self, item_id: _Optional[str] = ..., report: _Optional[_Union[_report_pb2.Report, _Mapping]] = ..., error: _Optional[_Union[_grading_pb2.ItemError, _Mapping]] = ...) -> None: ...

class CreateBatchRequest(_message.Message):
    __slots__ = ("header", "item", "items")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    header: BatchHeader
    item: BatchItem
    items: BatchItems
    def __init__(self, header: _Optional[_Union[BatchHeader, _Mapping]] = ..., item: _Optional[_Union[BatchItem, _Mapping]] = ..., items: _Optional[_Union[BatchItems, _Mapping]] = ...) -> None: ...

class BatchItems(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[BatchItem]
    def __init__(self, items: _Optional[_Iterable[_Union[BatchItem, _Mapping]]] = ...) -> None: ...

class BatchHeader(_message.Message):
    __slots__ = ("request_id", "display_name", "item_count", "priority")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ITEM_COUNT_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    display_name: str
    item_count: int
    priority: int
    def __init__(self, request_id: _Optional[str] = ..., display_name: _Optional[str] = ..., item_count: _Optional[int] = ..., priority: _Optional[int] = ...) -> None: ...

class CreateBatchResponse(_message.Message):
    __slots__ = ("batch",)
    BATCH_FIELD_NUMBER: _ClassVar[int]
    batch: Batch
    def __init__(self, batch: _Optional[_Union[Batch, _Mapping]] = ...) -> None: ...

class ListBatchesRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListBatchesResponse(_message.Message):
    __slots__ = ("batches", "next_page_token")
    BATCHES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    batches: _containers.RepeatedCompositeFieldContainer[Batch]
    next_page_token: str
    def __init__(self, batches: _Optional[_Iterable[_Union[Batch, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetBatchRequest(_message.Message):
    __slots__ = ("batch_id",)
    BATCH_ID_FIELD_NUMBER: _ClassVar[int]
    batch_id: str
    def __init__(self, batch_id: _Optional[str] = ...) -> None: ...

class GetBatchResponse(_message.Message):
    __slots__ = ("batch",)
    BATCH_FIELD_NUMBER: _ClassVar[int]
    batch: Batch
    def __init__(self, batch: _Optional[_Union[Batch, _Mapping]] = ...) -> None: ...

class WatchBatchRequest(_message.Message):
    __slots__ = ("batch_id", "include_results", "after_position")
    BATCH_ID_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_RESULTS_FIELD_NUMBER: _ClassVar[int]
    AFTER_POSITION_FIELD_NUMBER: _ClassVar[int]
    batch_id: str
    include_results: bool
    after_position: int
    def __init__(self, batch_id: _Optional[str] = ..., include_results: _Optional[bool] = ..., after_position: _Optional[int] = ...) -> None: ...

class WatchBatchResponse(_message.Message):
    __slots__ = ("batch", "result", "position")
    BATCH_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    batch: Batch
    result: BatchResult
    position: int
    def __init__(self, batch: _Optional[_Union[Batch, _Mapping]] = ..., result: _Optional[_Union[BatchResult, _Mapping]] = ..., position: _Optional[int] = ...) -> None: ...

class ListBatchResultsRequest(_message.Message):
    __slots__ = ("batch_id", "page_size", "page_token", "view")
    BATCH_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    batch_id: str
    page_size: int
    page_token: str
    view: _report_pb2.ReportView
    def __init__(self, batch_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., view: _Optional[_Union[_report_pb2.ReportView, str]] = ...) -> None: ...

class ListBatchResultsResponse(_message.Message):
    __slots__ = ("results", "next_page_token")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[BatchResult]
    next_page_token: str
    def __init__(self, results: _Optional[_Iterable[_Union[BatchResult, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CancelBatchRequest(_message.Message):
    __slots__ = ("batch_id",)
    BATCH_ID_FIELD_NUMBER: _ClassVar[int]
    batch_id: str
    def __init__(self, batch_id: _Optional[str] = ...) -> None: ...

class CancelBatchResponse(_message.Message):
    __slots__ = ("batch",)
    BATCH_FIELD_NUMBER: _ClassVar[int]
    batch: Batch
    def __init__(self, batch: _Optional[_Union[Batch, _Mapping]] = ...) -> None: ...

class Rejudging(_message.Message):
    __slots__ = ("rejudging_id", "batch_id", "state", "progress", "changed_count")
    REJUDGING_ID_FIELD_NUMBER: _ClassVar[int]
    BATCH_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    rejudging_id: str
    batch_id: str
    state: BatchState
    progress: BatchProgress
    changed_count: int
    def __init__(self, rejudging_id: _Optional[str] = ..., batch_id: _Optional[str] = ..., state: _Optional[_Union[BatchState, str]] = ..., progress: _Optional[_Union[BatchProgress, _Mapping]] = ..., changed_count: _Optional[int] = ...) -> None: ...

class RejudgeBatchRequest(_message.Message):
    __slots__ = ("batch_id", "request_id", "problems", "verdicts", "item_ids")
    BATCH_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROBLEMS_FIELD_NUMBER: _ClassVar[int]
    VERDICTS_FIELD_NUMBER: _ClassVar[int]
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    batch_id: str
    request_id: str
    problems: _containers.RepeatedScalarFieldContainer[str]
    verdicts: _containers.RepeatedScalarFieldContainer[_report_pb2.Verdict]
    item_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, batch_id: _Optional[str] = ..., request_id: _Optional[str] = ..., problems: _Optional[_Iterable[str]] = ..., verdicts: _Optional[_Iterable[_Union[_report_pb2.Verdict, str]]] = ..., item_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class RejudgeBatchResponse(_message.Message):
    __slots__ = ("rejudging",)
    REJUDGING_FIELD_NUMBER: _ClassVar[int]
    rejudging: Rejudging
    def __init__(self, rejudging: _Optional[_Union[Rejudging, _Mapping]] = ...) -> None: ...

class DiffRejudgeRequest(_message.Message):
    __slots__ = ("rejudging_id", "page_size", "page_token")
    REJUDGING_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    rejudging_id: str
    page_size: int
    page_token: str
    def __init__(self, rejudging_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class DiffRejudgeResponse(_message.Message):
    __slots__ = ("changes", "next_page_token", "rejudging", "transitions")
    class Change(_message.Message):
        __slots__ = ("item_id", "verdict_before", "verdict_after", "score_before", "score_after")
        ITEM_ID_FIELD_NUMBER: _ClassVar[int]
        VERDICT_BEFORE_FIELD_NUMBER: _ClassVar[int]
        VERDICT_AFTER_FIELD_NUMBER: _ClassVar[int]
        SCORE_BEFORE_FIELD_NUMBER: _ClassVar[int]
        SCORE_AFTER_FIELD_NUMBER: _ClassVar[int]
        item_id: str
        verdict_before: _report_pb2.Verdict
        verdict_after: _report_pb2.Verdict
        score_before: _report_pb2.Rational
        score_after: _report_pb2.Rational
        def __init__(self, item_id: _Optional[str] = ..., verdict_before: _Optional[_Union[_report_pb2.Verdict, str]] = ..., verdict_after: _Optional[_Union[_report_pb2.Verdict, str]] = ..., score_before: _Optional[_Union[_report_pb2.Rational, _Mapping]] = ..., score_after: _Optional[_Union[_report_pb2.Rational, _Mapping]] = ...) -> None: ...
    class Transition(_message.Message):
        __slots__ = ("verdict_before", "verdict_after", "item_count")
        VERDICT_BEFORE_FIELD_NUMBER: _ClassVar[int]
        VERDICT_AFTER_FIELD_NUMBER: _ClassVar[int]
        ITEM_COUNT_FIELD_NUMBER: _ClassVar[int]
        verdict_before: _report_pb2.Verdict
        verdict_after: _report_pb2.Verdict
        item_count: int
        def __init__(self, verdict_before: _Optional[_Union[_report_pb2.Verdict, str]] = ..., verdict_after: _Optional[_Union[_report_pb2.Verdict, str]] = ..., item_count: _Optional[int] = ...) -> None: ...
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    REJUDGING_FIELD_NUMBER: _ClassVar[int]
    TRANSITIONS_FIELD_NUMBER: _ClassVar[int]
    changes: _containers.RepeatedCompositeFieldContainer[DiffRejudgeResponse.Change]
    next_page_token: str
    rejudging: Rejudging
    transitions: _containers.RepeatedCompositeFieldContainer[DiffRejudgeResponse.Transition]
    def __init__(self, changes: _Optional[_Iterable[_Union[DiffRejudgeResponse.Change, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., rejudging: _Optional[_Union[Rejudging, _Mapping]] = ..., transitions: _Optional[_Iterable[_Union[DiffRejudgeResponse.Transition, _Mapping]]] = ...) -> None: ...

class ApplyRejudgeRequest(_message.Message):
    __slots__ = ("rejudging_id",)
    REJUDGING_ID_FIELD_NUMBER: _ClassVar[int]
    rejudging_id: str
    def __init__(self, rejudging_id: _Optional[str] = ...) -> None: ...

class ApplyRejudgeResponse(_message.Message):
    __slots__ = ("batch",)
    BATCH_FIELD_NUMBER: _ClassVar[int]
    batch: Batch
    def __init__(self, batch: _Optional[_Union[Batch, _Mapping]] = ...) -> None: ...

class DropRejudgeRequest(_message.Message):
    __slots__ = ("rejudging_id",)
    REJUDGING_ID_FIELD_NUMBER: _ClassVar[int]
    rejudging_id: str
    def __init__(self, rejudging_id: _Optional[str] = ...) -> None: ...

class DropRejudgeResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
