import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from judge.api.v1 import program_pb2 as _program_pb2
from judge.api.v1 import report_pb2 as _report_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Priority(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PRIORITY_UNSPECIFIED: _ClassVar[Priority]
    PRIORITY_INTERACTIVE: _ClassVar[Priority]
    PRIORITY_BATCH: _ClassVar[Priority]
PRIORITY_UNSPECIFIED: Priority
PRIORITY_INTERACTIVE: Priority
PRIORITY_BATCH: Priority

class GradeRequest(_message.Message):
    __slots__ = ("problem", "program", "request_id", "priority", "view", "no_cache")
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    PROGRAM_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    NO_CACHE_FIELD_NUMBER: _ClassVar[int]
    problem: str
    program: _program_pb2.Program
    request_id: str
    priority: Priority
    view: _report_pb2.ReportView
    no_cache: bool
    def __init__(self, problem: _Optional[str] = ..., program: _Optional[_Union[_program_pb2.Program, _Mapping]] = ..., request_id: _Optional[str] = ..., priority: _Optional[_Union[Priority, str]] = ..., view: _Optional[_Union[_report_pb2.ReportView, str]] = ..., no_cache: _Optional[bool] = ...) -> None: ...

class GradeResponse(_message.Message):
    __slots__ = ("report",)
    REPORT_FIELD_NUMBER: _ClassVar[int]
    report: _report_pb2.Report
    def __init__(self, report: _Optional[_Union[_report_pb2.Report, _Mapping]] = ...) -> None: ...

class GradeStreamRequest(_message.Message):
    __slots__ = ("problem", "program", "request_id", "priority", "view", "no_cache")
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    PROGRAM_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    NO_CACHE_FIELD_NUMBER: _ClassVar[int]
    problem: str
    program: _program_pb2.Program
    request_id: str
    priority: Priority
    view: _report_pb2.ReportView
    no_cache: bool
    def __init__(self, problem: _Optional[str] = ..., program: _Optional[_Union[_program_pb2.Program, _Mapping]] = ..., request_id: _Optional[str] = ..., priority: _Optional[_Union[Priority, str]] = ..., view: _Optional[_Union[_report_pb2.ReportView, str]] = ..., no_cache: _Optional[bool] = ...) -> None: ...

class GradeEvent(_message.Message):
    __slots__ = ("sequence_number", "event_time", "queued", "compiling", "compiled", "test_started", "test_finished", "finished")
    class Queued(_message.Message):
        __slots__ = ()
        def __init__(self) -> None: ...
    class Compiling(_message.Message):
        __slots__ = ()
        def __init__(self) -> None: ...
    class Compiled(_message.Message):
        __slots__ = ("case_count",)
        CASE_COUNT_FIELD_NUMBER: _ClassVar[int]
        case_count: int
        def __init__(self, case_count: _Optional[int] = ...) -> None: ...
    class TestStarted(_message.Message):
        __slots__ = ("case_name", "case_index", "case_count")
        CASE_NAME_FIELD_NUMBER: _ClassVar[int]
        CASE_INDEX_FIELD_NUMBER: _ClassVar[int]
        CASE_COUNT_FIELD_NUMBER: _ClassVar[int]
        case_name: str
        case_index: int
        case_count: int
        def __init__(self, case_name: _Optional[str] = ..., case_index: _Optional[int] = ..., case_count: _Optional[int] = ...) -> None: ...
    class TestFinished(_message.Message):
        __slots__ = ("case_report", "case_index", "case_count")
        CASE_REPORT_FIELD_NUMBER: _ClassVar[int]
        CASE_INDEX_FIELD_NUMBER: _ClassVar[int]
        CASE_COUNT_FIELD_NUMBER: _ClassVar[int]
        case_report: _report_pb2.CaseReport
        case_index: int
        case_count: int
        def __init__(self, case_report: _Optional[_Union[_report_pb2.CaseReport, _Mapping]] = ..., case_index: _Optional[int] = ..., case_count: _Optional[int] = ...) -> None: ...
    class Finished(_message.Message):
        __slots__ = ("report",)
        REPORT_FIELD_NUMBER: _ClassVar[int]
        report: _report_pb2.Report
        def __init__(self, report: _Optional[_Union[_report_pb2.Report, _Mapping]] = ...) -> None: ...
    SEQUENCE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    QUEUED_FIELD_NUMBER: _ClassVar[int]
    COMPILING_FIELD_NUMBER: _ClassVar[int]
    COMPILED_FIELD_NUMBER: _ClassVar[int]
    TEST_STARTED_FIELD_NUMBER: _ClassVar[int]
    TEST_FINISHED_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    sequence_number: int
    event_time: _timestamp_pb2.Timestamp
    queued: GradeEvent.Queued
    compiling: GradeEvent.Compiling
    compiled: GradeEvent.Compiled
    test_started: GradeEvent.TestStarted
    test_finished: GradeEvent.TestFinished
    finished: GradeEvent.Finished
    def __init__(self, sequence_number: _Optional[int] = ..., event_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., queued: _Optional[_Union[GradeEvent.Queued, _Mapping]] = ..., compiling: _Optional[_Union[GradeEvent.Compiling, _Mapping]] = ..., compiled: _Optional[_Union[GradeEvent.Compiled, _Mapping]] = ..., test_started: _Optional[_Union[GradeEvent.TestStarted, _Mapping]] = ..., test_finished: _Optional[_Union[GradeEvent.TestFinished, _Mapping]] = ..., finished: _Optional[_Union[GradeEvent.Finished, _Mapping]] = ...) -> None: ...

class GradeManyRequest(_message.Message):
    __slots__ = ("item_id", "problem", "program", "request_id", "view")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    PROGRAM_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    problem: str
    program: _program_pb2.Program
    request_id: str
    view: _report_pb2.ReportView
    def __init__(self, item_id: _Optional[str] = ..., problem: _Optional[str] = ..., program: _Optional[_Union[_program_pb2.Program, _Mapping]] = ..., request_id: _Optional[str] = ..., view: _Optional[_Union[_report_pb2.ReportView, str]] = ...) -> None: ...

class GradeManyResponse(_message.Message):
    __slots__ = ("item_id", "report", "error")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    REPORT_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    report: _report_pb2.Report
    error: ItemError
    def __init__(self, item_id: _Optional[str] = ..., report: _Optional[_Union[_report_pb2.Report, _Mapping]] = ..., error: _Optional[_Union[ItemError, _Mapping]] = ...) -> None: ...

class ItemError(_message.Message):
    __slots__ = ("code", "message", "reason", "field")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    code: int
    message: str
    reason: str
    field: str
    def __init__(self, code: _Optional[int] = ..., message: _Optional[str] = ..., reason: _Optional[str] = ..., field: _Optional[str] = ...) -> None: ...
