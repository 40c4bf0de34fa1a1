import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Verdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VERDICT_UNSPECIFIED: _ClassVar[Verdict]
    VERDICT_ACCEPTED: _ClassVar[Verdict]
    VERDICT_WRONG_ANSWER: _ClassVar[Verdict]
    VERDICT_TIME_LIMIT_EXCEEDED: _ClassVar[Verdict]
    VERDICT_MEMORY_LIMIT_EXCEEDED: _ClassVar[Verdict]
    VERDICT_OUTPUT_LIMIT_EXCEEDED: _ClassVar[Verdict]
    VERDICT_RUNTIME_ERROR: _ClassVar[Verdict]
    VERDICT_COMPILE_ERROR: _ClassVar[Verdict]
    VERDICT_SECURITY_VIOLATION: _ClassVar[Verdict]
    VERDICT_CANCELLED: _ClassVar[Verdict]
    VERDICT_SKIPPED: _ClassVar[Verdict]
    VERDICT_JUDGE_ERROR: _ClassVar[Verdict]

class ReportView(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REPORT_VIEW_UNSPECIFIED: _ClassVar[ReportView]
    REPORT_VIEW_FULL: _ClassVar[ReportView]
    REPORT_VIEW_CANDIDATE: _ClassVar[ReportView]
VERDICT_UNSPECIFIED: Verdict
VERDICT_ACCEPTED: Verdict
VERDICT_WRONG_ANSWER: Verdict
VERDICT_TIME_LIMIT_EXCEEDED: Verdict
VERDICT_MEMORY_LIMIT_EXCEEDED: Verdict
VERDICT_OUTPUT_LIMIT_EXCEEDED: Verdict
VERDICT_RUNTIME_ERROR: Verdict
VERDICT_COMPILE_ERROR: Verdict
VERDICT_SECURITY_VIOLATION: Verdict
VERDICT_CANCELLED: Verdict
VERDICT_SKIPPED: Verdict
VERDICT_JUDGE_ERROR: Verdict
REPORT_VIEW_UNSPECIFIED: ReportView
REPORT_VIEW_FULL: ReportView
REPORT_VIEW_CANDIDATE: ReportView

class Rational(_message.Message):
    __slots__ = ("numerator", "denominator")
    NUMERATOR_FIELD_NUMBER: _ClassVar[int]
    DENOMINATOR_FIELD_NUMBER: _ClassVar[int]
    numerator: int
    denominator: int
    def __init__(self, numerator: _Optional[int] = ..., denominator: _Optional[int] = ...) -> None: ...

class Captured(_message.Message):
    __slots__ = ("data", "total_bytes", "truncated")
    DATA_FIELD_NUMBER: _ClassVar[int]
    TOTAL_BYTES_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    total_bytes: int
    truncated: bool
    def __init__(self, data: _Optional[bytes] = ..., total_bytes: _Optional[int] = ..., truncated: _Optional[bool] = ...) -> None: ...

class Frame(_message.Message):
    __slots__ = ("file", "line", "function", "source")
    FILE_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    file: str
    line: int
    function: str
    source: str
    def __init__(self, file: _Optional[str] = ..., line: _Optional[int] = ..., function: _Optional[str] = ..., source: _Optional[str] = ...) -> None: ...

class Measurement(_message.Message):
    __slots__ = ("verdict", "reason", "cpu_time", "wall_time")
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CPU_TIME_FIELD_NUMBER: _ClassVar[int]
    WALL_TIME_FIELD_NUMBER: _ClassVar[int]
    verdict: Verdict
    reason: str
    cpu_time: _duration_pb2.Duration
    wall_time: _duration_pb2.Duration
    def __init__(self, verdict: _Optional[_Union[Verdict, str]] = ..., reason: _Optional[str] = ..., cpu_time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., wall_time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class CaseReport(_message.Message):
    __slots__ = ("name", "sample", "verdict", "reason", "message", "score", "cpu_time", "wall_time", "memory_peak_bytes", "calls", "stdout", "stderr", "traceback", "exit_code", "signal", "margin", "evidence", "earlier_runs")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    CPU_TIME_FIELD_NUMBER: _ClassVar[int]
    WALL_TIME_FIELD_NUMBER: _ClassVar[int]
    MEMORY_PEAK_BYTES_FIELD_NUMBER: _ClassVar[int]
    CALLS_FIELD_NUMBER: _ClassVar[int]
    STDOUT_FIELD_NUMBER: _ClassVar[int]
    STDERR_FIELD_NUMBER: _ClassVar[int]
    TRACEBACK_FIELD_NUMBER: _ClassVar[int]
    EXIT_CODE_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    EARLIER_RUNS_FIELD_NUMBER: _ClassVar[int]
    name: str
    sample: bool
    verdict: Verdict
    reason: str
    message: str
    score: Rational
    cpu_time: _duration_pb2.Duration
    wall_time: _duration_pb2.Duration
    memory_peak_bytes: int
    calls: int
    stdout: Captured
    stderr: Captured
    traceback: _containers.RepeatedCompositeFieldContainer[Frame]
    exit_code: int
    signal: int
    margin: float
    evidence: _struct_pb2.Struct
    earlier_runs: _containers.RepeatedCompositeFieldContainer[Measurement]
    def __init__(self, name: _Optional[str] = ..., sample: _Optional[bool] = ..., verdict: _Optional[_Union[Verdict, str]] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ..., score: _Optional[_Union[Rational, _Mapping]] = ..., cpu_time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., wall_time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., memory_peak_bytes: _Optional[int] = ..., calls: _Optional[int] = ..., stdout: _Optional[_Union[Captured, _Mapping]] = ..., stderr: _Optional[_Union[Captured, _Mapping]] = ..., traceback: _Optional[_Iterable[_Union[Frame, _Mapping]]] = ..., exit_code: _Optional[int] = ..., signal: _Optional[int] = ..., margin: _Optional[float] = ..., evidence: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., earlier_runs: _Optional[_Iterable[_Union[Measurement, _Mapping]]] = ...) -> None: ...

class Phase(_message.Message):
    __slots__ = ("name", "start_time", "end_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Report(_message.Message):
    __slots__ = ("submission_id", "problem", "language", "verdict", "reason", "message", "score", "cases", "compile_output", "cpu_time", "total_cpu_time", "memory_peak_bytes", "plan_digest", "program_digest", "grading_digest", "toolchain", "path", "slot", "phases")
    SUBMISSION_ID_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    CASES_FIELD_NUMBER: _ClassVar[int]
    COMPILE_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    CPU_TIME_FIELD_NUMBER: _ClassVar[int]
    TOTAL_CPU_TIME_FIELD_NUMBER: _ClassVar[int]
    MEMORY_PEAK_BYTES_FIELD_NUMBER: _ClassVar[int]
    PLAN_DIGEST_FIELD_NUMBER: _ClassVar[int]
    PROGRAM_DIGEST_FIELD_NUMBER: _ClassVar[int]
    GRADING_DIGEST_FIELD_NUMBER: _ClassVar[int]
    TOOLCHAIN_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    PHASES_FIELD_NUMBER: _ClassVar[int]
    submission_id: str
    problem: str
    language: str
    verdict: Verdict
    reason: str
    message: str
    score: Rational
    cases: _containers.RepeatedCompositeFieldContainer[CaseReport]
    compile_output: str
    cpu_time: _duration_pb2.Duration
    total_cpu_time: _duration_pb2.Duration
    memory_peak_bytes: int
    plan_digest: str
    program_digest: str
    grading_digest: str
    toolchain: str
    path: str
    slot: int
    phases: _containers.RepeatedCompositeFieldContainer[Phase]
    def __init__(self, submission_id: _Optional[str] = ..., problem: _Optional[str] = ..., language: _Optional[str] = ..., verdict: _Optional[_Union[Verdict, str]] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ..., score: _Optional[_Union[Rational, _Mapping]] = ..., cases: _Optional[_Iterable[_Union[CaseReport, _Mapping]]] = ..., compile_output: _Optional[str] = ..., cpu_time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., total_cpu_time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., memory_peak_bytes: _Optional[int] = ..., plan_digest: _Optional[str] = ..., program_digest: _Optional[str] = ..., grading_digest: _Optional[str] = ..., toolchain: _Optional[str] = ..., path: _Optional[str] = ..., slot: _Optional[int] = ..., phases: _Optional[_Iterable[_Union[Phase, _Mapping]]] = ...) -> None: ...
