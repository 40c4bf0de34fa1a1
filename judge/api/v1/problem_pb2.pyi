import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class VerificationLevel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VERIFICATION_LEVEL_UNSPECIFIED: _ClassVar[VerificationLevel]
    VERIFICATION_LEVEL_QUICK: _ClassVar[VerificationLevel]
    VERIFICATION_LEVEL_FULL: _ClassVar[VerificationLevel]
    VERIFICATION_LEVEL_EXHAUSTIVE: _ClassVar[VerificationLevel]

class Severity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEVERITY_UNSPECIFIED: _ClassVar[Severity]
    SEVERITY_INFO: _ClassVar[Severity]
    SEVERITY_WARNING: _ClassVar[Severity]
    SEVERITY_ERROR: _ClassVar[Severity]
VERIFICATION_LEVEL_UNSPECIFIED: VerificationLevel
VERIFICATION_LEVEL_QUICK: VerificationLevel
VERIFICATION_LEVEL_FULL: VerificationLevel
VERIFICATION_LEVEL_EXHAUSTIVE: VerificationLevel
SEVERITY_UNSPECIFIED: Severity
SEVERITY_INFO: Severity
SEVERITY_WARNING: Severity
SEVERITY_ERROR: Severity

class ListProblemsRequest(_message.Message):
    __slots__ = ("family", "page_size", "page_token")
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    family: str
    page_size: int
    page_token: str
    def __init__(self, family: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListProblemsResponse(_message.Message):
    __slots__ = ("problems", "next_page_token")
    PROBLEMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    problems: _containers.RepeatedCompositeFieldContainer[ProblemSummary]
    next_page_token: str
    def __init__(self, problems: _Optional[_Iterable[_Union[ProblemSummary, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ProblemSummary(_message.Message):
    __slots__ = ("slug", "family", "name", "kind", "languages", "error")
    SLUG_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    slug: str
    family: str
    name: str
    kind: str
    languages: _containers.RepeatedScalarFieldContainer[str]
    error: str
    def __init__(self, slug: _Optional[str] = ..., family: _Optional[str] = ..., name: _Optional[str] = ..., kind: _Optional[str] = ..., languages: _Optional[_Iterable[str]] = ..., error: _Optional[str] = ...) -> None: ...

class GetProblemRequest(_message.Message):
    __slots__ = ("slug",)
    SLUG_FIELD_NUMBER: _ClassVar[int]
    slug: str
    def __init__(self, slug: _Optional[str] = ...) -> None: ...

class GetProblemResponse(_message.Message):
    __slots__ = ("problem",)
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    problem: Problem
    def __init__(self, problem: _Optional[_Union[Problem, _Mapping]] = ...) -> None: ...

class Problem(_message.Message):
    __slots__ = ("slug", "family", "name", "statement", "kind", "entry_point", "signature", "isolation", "limits", "load_limits", "code_bytes", "languages", "starters", "samples", "license")
    class StartersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SLUG_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ENTRY_POINT_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    ISOLATION_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    LOAD_LIMITS_FIELD_NUMBER: _ClassVar[int]
    CODE_BYTES_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    STARTERS_FIELD_NUMBER: _ClassVar[int]
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    LICENSE_FIELD_NUMBER: _ClassVar[int]
    slug: str
    family: str
    name: str
    statement: str
    kind: str
    entry_point: str
    signature: Signature
    isolation: str
    limits: Limits
    load_limits: Limits
    code_bytes: int
    languages: _containers.RepeatedScalarFieldContainer[str]
    starters: _containers.ScalarMap[str, str]
    samples: _containers.RepeatedCompositeFieldContainer[Sample]
    license: str
    def __init__(self, slug: _Optional[str] = ..., family: _Optional[str] = ..., name: _Optional[str] = ..., statement: _Optional[str] = ..., kind: _Optional[str] = ..., entry_point: _Optional[str] = ..., signature: _Optional[_Union[Signature, _Mapping]] = ..., isolation: _Optional[str] = ..., limits: _Optional[_Union[Limits, _Mapping]] = ..., load_limits: _Optional[_Union[Limits, _Mapping]] = ..., code_bytes: _Optional[int] = ..., languages: _Optional[_Iterable[str]] = ..., starters: _Optional[_Mapping[str, str]] = ..., samples: _Optional[_Iterable[_Union[Sample, _Mapping]]] = ..., license: _Optional[str] = ...) -> None: ...

class Signature(_message.Message):
    __slots__ = ("parameters", "returns")
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    RETURNS_FIELD_NUMBER: _ClassVar[int]
    parameters: _containers.RepeatedCompositeFieldContainer[Parameter]
    returns: str
    def __init__(self, parameters: _Optional[_Iterable[_Union[Parameter, _Mapping]]] = ..., returns: _Optional[str] = ...) -> None: ...

class Parameter(_message.Message):
    __slots__ = ("name", "type")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: str
    def __init__(self, name: _Optional[str] = ..., type: _Optional[str] = ...) -> None: ...

class Limits(_message.Message):
    __slots__ = ("cpu_time_limit", "wall_time_limit", "memory_limit_bytes", "output_limit_bytes", "answer_limit_bytes", "process_limit")
    CPU_TIME_LIMIT_FIELD_NUMBER: _ClassVar[int]
    WALL_TIME_LIMIT_FIELD_NUMBER: _ClassVar[int]
    MEMORY_LIMIT_BYTES_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_LIMIT_BYTES_FIELD_NUMBER: _ClassVar[int]
    ANSWER_LIMIT_BYTES_FIELD_NUMBER: _ClassVar[int]
    PROCESS_LIMIT_FIELD_NUMBER: _ClassVar[int]
    cpu_time_limit: _duration_pb2.Duration
    wall_time_limit: _duration_pb2.Duration
    memory_limit_bytes: int
    output_limit_bytes: int
    answer_limit_bytes: int
    process_limit: int
    def __init__(self, cpu_time_limit: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., wall_time_limit: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., memory_limit_bytes: _Optional[int] = ..., output_limit_bytes: _Optional[int] = ..., answer_limit_bytes: _Optional[int] = ..., process_limit: _Optional[int] = ...) -> None: ...

class Sample(_message.Message):
    __slots__ = ("name", "arguments_json", "answer_json")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ARGUMENTS_JSON_FIELD_NUMBER: _ClassVar[int]
    ANSWER_JSON_FIELD_NUMBER: _ClassVar[int]
    name: str
    arguments_json: str
    answer_json: str
    def __init__(self, name: _Optional[str] = ..., arguments_json: _Optional[str] = ..., answer_json: _Optional[str] = ...) -> None: ...

class RegisterProblemRequest(_message.Message):
    __slots__ = ("header", "chunk")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    header: PackageHeader
    chunk: bytes
    def __init__(self, header: _Optional[_Union[PackageHeader, _Mapping]] = ..., chunk: _Optional[bytes] = ...) -> None: ...

class PackageHeader(_message.Message):
    __slots__ = ("request_id", "slug", "size_bytes", "sha256", "family")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SLUG_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    slug: str
    size_bytes: int
    sha256: str
    family: str
    def __init__(self, request_id: _Optional[str] = ..., slug: _Optional[str] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ..., family: _Optional[str] = ...) -> None: ...

class RegisterProblemResponse(_message.Message):
    __slots__ = ("problem", "source_digest", "plan_digest", "case_count", "unchanged")
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    SOURCE_DIGEST_FIELD_NUMBER: _ClassVar[int]
    PLAN_DIGEST_FIELD_NUMBER: _ClassVar[int]
    CASE_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_FIELD_NUMBER: _ClassVar[int]
    problem: ProblemSummary
    source_digest: str
    plan_digest: str
    case_count: int
    unchanged: bool
    def __init__(self, problem: _Optional[_Union[ProblemSummary, _Mapping]] = ..., source_digest: _Optional[str] = ..., plan_digest: _Optional[str] = ..., case_count: _Optional[int] = ..., unchanged: _Optional[bool] = ...) -> None: ...

class CompileProblemRequest(_message.Message):
    __slots__ = ("slug",)
    SLUG_FIELD_NUMBER: _ClassVar[int]
    slug: str
    def __init__(self, slug: _Optional[str] = ...) -> None: ...

class CompileProblemResponse(_message.Message):
    __slots__ = ("plan_digest", "case_count")
    PLAN_DIGEST_FIELD_NUMBER: _ClassVar[int]
    CASE_COUNT_FIELD_NUMBER: _ClassVar[int]
    plan_digest: str
    case_count: int
    def __init__(self, plan_digest: _Optional[str] = ..., case_count: _Optional[int] = ...) -> None: ...

class VerifyProblemRequest(_message.Message):
    __slots__ = ("slug", "level", "rules")
    SLUG_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    slug: str
    level: VerificationLevel
    rules: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, slug: _Optional[str] = ..., level: _Optional[_Union[VerificationLevel, str]] = ..., rules: _Optional[_Iterable[str]] = ...) -> None: ...

class VerifyProblemResponse(_message.Message):
    __slots__ = ("sequence_number", "finding", "summary", "progress")
    SEQUENCE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    sequence_number: int
    finding: Finding
    summary: VerificationSummary
    progress: VerificationProgress
    def __init__(self, sequence_number: _Optional[int] = ..., finding: _Optional[_Union[Finding, _Mapping]] = ..., summary: _Optional[_Union[VerificationSummary, _Mapping]] = ..., progress: _Optional[_Union[VerificationProgress, _Mapping]] = ...) -> None: ...

class Finding(_message.Message):
    __slots__ = ("rule", "severity", "message", "file", "line", "about", "remedy", "replay", "waived")
    RULE_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    ABOUT_FIELD_NUMBER: _ClassVar[int]
    REMEDY_FIELD_NUMBER: _ClassVar[int]
    REPLAY_FIELD_NUMBER: _ClassVar[int]
    WAIVED_FIELD_NUMBER: _ClassVar[int]
    rule: str
    severity: Severity
    message: str
    file: str
    line: int
    about: str
    remedy: str
    replay: str
    waived: str
    def __init__(self, rule: _Optional[str] = ..., severity: _Optional[_Union[Severity, str]] = ..., message: _Optional[str] = ..., file: _Optional[str] = ..., line: _Optional[int] = ..., about: _Optional[str] = ..., remedy: _Optional[str] = ..., replay: _Optional[str] = ..., waived: _Optional[str] = ...) -> None: ...

class VerificationProgress(_message.Message):
    __slots__ = ("rule", "step")
    RULE_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    rule: str
    step: str
    def __init__(self, rule: _Optional[str] = ..., step: _Optional[str] = ...) -> None: ...

class VerificationSummary(_message.Message):
    __slots__ = ("passes", "level", "errors", "warnings", "notes", "waived")
    PASSES_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    WAIVED_FIELD_NUMBER: _ClassVar[int]
    passes: bool
    level: VerificationLevel
    errors: int
    warnings: int
    notes: int
    waived: int
    def __init__(self, passes: _Optional[bool] = ..., level: _Optional[_Union[VerificationLevel, str]] = ..., errors: _Optional[int] = ..., warnings: _Optional[int] = ..., notes: _Optional[int] = ..., waived: _Optional[int] = ...) -> None: ...
