"""What a request must be before anything is done for it: each check raises SubmissionError with the field's path."""

from __future__ import annotations

import re
from collections.abc import Collection

from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet

from judge.api.v1 import batch_pb2, grading_pb2, problem_pb2, program_pb2, report_pb2
from judge.errors import SubmissionError

MAX_PROGRAM_BYTES = 16 << 20  # all files together
MAX_FILES = 256
MAX_NAME_BYTES = 255  # slugs, paths, entry points
MAX_PAGE = 1000
MAX_ITEMS = 10_000_000
MAX_ITEM_ID = 128  # characters
MAX_PRIORITY = 100
MAX_PIECE_BYTES = 1 << 20  # of an archive

_REQUEST_ID = re.compile(r"[A-Za-z0-9._~:-]{1,128}\Z")
_AN_ID = "1 to 128 characters of A-Z a-z 0-9 . _ ~ : -"
_SHA256 = re.compile(r"[0-9A-Fa-f]{64}\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

GradeMessage = grading_pb2.GradeRequest | grading_pb2.GradeStreamRequest


def check_grade(request: GradeMessage) -> None:
    """Checks a request for a grading, all but what depends on its problem."""
    _check_known(request)
    check_name("problem", request.problem)
    _check_program(request.program)
    if request.request_id and not _REQUEST_ID.match(request.request_id):
        raise SubmissionError("request_id", f"expected {_AN_ID}, found {_brief(request.request_id)}")
    if request.priority not in grading_pb2.Priority.values():
        raise SubmissionError("priority", f"expected a value of Priority, found {request.priority}")
    if request.view not in report_pb2.ReportView.values():
        raise SubmissionError("view", f"expected a value of ReportView, found {request.view}")


def check_item(item: grading_pb2.GradeManyRequest) -> None:
    """Checks what one item of many has besides a grading."""
    _check_known(item)
    if not _REQUEST_ID.match(item.item_id):
        expected = "1 to 128 characters of A-Z a-z 0-9 . _ ~ : -"
        raise SubmissionError("item_id", f"expected {expected}, found {_brief(item.item_id)}")


def check_language(language: str, supported: tuple[str, ...]) -> None:
    """Checks that a problem admits the program's language."""
    if language not in supported:
        raise SubmissionError("program.language", f"expected {_either(supported)}, found {_brief(language)}")


def check_get(request: problem_pb2.GetProblemRequest) -> None:
    """Checks a request for a problem."""
    _check_known(request)
    check_name("slug", request.slug)


def check_list(request: problem_pb2.ListProblemsRequest) -> None:
    """Checks a request for a list of problems."""
    _check_known(request)
    if not 0 <= request.page_size <= MAX_PAGE:
        raise SubmissionError("page_size", f"expected 0 to {MAX_PAGE}, found {request.page_size}")


def check_verify(request: problem_pb2.VerifyProblemRequest, rules: Collection[str]) -> None:
    """Checks a request for a verification; ``rules`` are the names that there are."""
    _check_known(request)
    check_name("slug", request.slug)
    if request.level not in problem_pb2.VerificationLevel.values():
        names = ", ".join(problem_pb2.VerificationLevel.keys()[1:])
        raise SubmissionError("level", f"expected one of {names}, found number {request.level}")
    for position, name in enumerate(request.rules):
        if rules and name not in rules:
            raise SubmissionError(f"rules[{position}]", f"expected a rule of docs/verify.md, found {_brief(name)}")


def check_compile(request: problem_pb2.CompileProblemRequest) -> None:
    """Checks a request for a compilation."""
    _check_known(request)
    check_name("slug", request.slug)


def check_package(header: problem_pb2.PackageHeader, limit_bytes: int) -> None:
    """Checks a package's header; ``limit_bytes`` is the largest archive."""
    _check_known(header, "header")
    if header.request_id and not _REQUEST_ID.match(header.request_id):
        raise SubmissionError("header.request_id", f"expected {_AN_ID}, found {_brief(header.request_id)}")
    check_name("header.slug", header.slug)
    _check_length("header.family", header.family)
    if not 1 <= header.size_bytes <= limit_bytes:
        raise SubmissionError("header.size_bytes", f"expected 1 to {limit_bytes}, found {header.size_bytes}")
    if header.sha256 and not _SHA256.match(header.sha256):
        raise SubmissionError("header.sha256", f"expected 64 hexadecimal digits, found {_brief(header.sha256)}")


def check_piece(request: problem_pb2.RegisterProblemRequest) -> None:
    """Checks a message after the header."""
    _check_known(request)
    if request.WhichOneof("part") != "chunk":
        raise SubmissionError("chunk", f"expected bytes, found {request.WhichOneof('part') or 'nothing'}")
    if len(request.chunk) > MAX_PIECE_BYTES:
        raise SubmissionError("chunk", f"expected at most {MAX_PIECE_BYTES} bytes, found {len(request.chunk)}")


def check_batch_header(header: batch_pb2.BatchHeader) -> None:
    """Checks a batch before its items."""
    _check_known(header, "header")
    if not _REQUEST_ID.match(header.request_id):
        raise SubmissionError("header.request_id", f"expected {_AN_ID}, found {_brief(header.request_id)}")
    _check_length("header.display_name", header.display_name)
    if not 0 <= header.item_count <= MAX_ITEMS:
        raise SubmissionError("header.item_count", f"expected 0 to {MAX_ITEMS}, found {header.item_count}")
    if abs(header.priority) > MAX_PRIORITY:
        found = f"expected -{MAX_PRIORITY} to {MAX_PRIORITY}, found {header.priority}"
        raise SubmissionError("header.priority", found)


def check_batch_item(item: batch_pb2.BatchItem, *, known: bool = False) -> None:
    """Checks one item of a batch; ``known`` says that it has no unknown fields."""
    if not known:
        _check_known(item, "item")
    if not 1 <= len(item.item_id) <= MAX_ITEM_ID:
        expected = f"expected 1 to {MAX_ITEM_ID} characters"
        raise SubmissionError("item.item_id", f"{expected}, found {_brief(item.item_id)}")
    check_name("item.problem", item.problem)
    try:
        _check_program(item.program)
    except SubmissionError as error:
        raise SubmissionError(f"item.{error.field}", f"{error.message} (item {item.item_id!r})") from None


def check_batch_request(request: Message) -> None:
    """Checks a request that names a batch, or asks for a page."""
    _check_known(request)
    size = getattr(request, "page_size", 0)
    if not 0 <= size <= MAX_PAGE:
        raise SubmissionError("page_size", f"expected 0 to {MAX_PAGE}, found {size}")
    for name in ("batch_id", "rejudging_id"):
        if name in request.DESCRIPTOR.fields_by_name:
            check_name(name, getattr(request, name))


def check_rejudge(request: batch_pb2.RejudgeBatchRequest) -> None:
    """Checks a request for a rejudging."""
    check_batch_request(request)
    if not _REQUEST_ID.match(request.request_id):
        raise SubmissionError("request_id", f"expected {_AN_ID}, found {_brief(request.request_id)}")
    for position, problem in enumerate(request.problems):
        check_name(f"problems[{position}]", problem)
    for position, verdict in enumerate(request.verdicts):
        if verdict not in report_pb2.Verdict.values():
            raise SubmissionError(f"verdicts[{position}]", f"expected a value of Verdict, found {verdict}")


def check_position(field: str, text: str) -> int:
    """Returns the position that a token is; 0 for an empty one."""
    if text and not re.fullmatch(r"[0-9]{1,18}", text):
        raise SubmissionError(field, f"expected the token of an earlier answer, found {_brief(text)}")
    return int(text or 0)


def check_name(field: str, name: str) -> None:
    """Checks a name that must not be empty."""
    if not name:
        raise SubmissionError(field, "expected a name, found nothing")
    _check_length(field, name)


def _check_program(program: program_pb2.Program) -> None:
    if not program.files:
        raise SubmissionError("program.files", "expected at least one file, found none")
    if len(program.files) > MAX_FILES:
        raise SubmissionError("program.files", f"expected at most {MAX_FILES} files, found {len(program.files)}")
    size = sum(len(file.content) for file in program.files)
    if size > MAX_PROGRAM_BYTES:
        raise SubmissionError("program.files", f"expected at most {MAX_PROGRAM_BYTES} bytes together, found {size}")
    _check_length("program.entry_point", program.entry_point)
    _check_paths([file.path for file in program.files])


def _check_paths(paths: list[str]) -> None:
    seen: set[str] = set()
    for number, path in enumerate(paths):
        field = f"program.files[{number}].path"
        _check_path(field, path)
        if path in seen:
            raise SubmissionError(field, f"expected every path once, found {_brief(path)} again")
        seen.add(path)
    for number, path in enumerate(paths):
        parents = {path[:at] for at, character in enumerate(path) if character == "/"}
        if parents & seen:
            field = f"program.files[{number}].path"
            raise SubmissionError(field, f"expected {min(parents & seen)!r} to be a file or a directory, found both")


def _check_path(field: str, path: str) -> None:
    _check_length(field, path)
    if "\\" in path or any(segment in ("", ".", "..") for segment in path.split("/")):
        expected = "a relative path without empty segments, '.', '..' and backslashes"
        raise SubmissionError(field, f"expected {expected}, found {_brief(path)}")


def _check_length(field: str, name: str) -> None:
    size = len(name.encode())
    if size > MAX_NAME_BYTES:
        raise SubmissionError(field, f"expected at most {MAX_NAME_BYTES} bytes, found {size}")
    if _CONTROL.search(name):
        raise SubmissionError(field, f"expected no control characters, found {_brief(name)}")


def has_only_known(message: Message) -> bool:
    """Whether a message and all in it have no unknown fields: without them nothing is lost when those are dropped."""
    bare = type(message)()
    bare.CopyFrom(message)
    bare.DiscardUnknownFields()
    return bare.ByteSize() == message.ByteSize()


def _check_known(message: Message, path: str = "") -> None:
    """Refuses fields that the message's type does not have: a misspelt option must not pass in silence."""
    known = type(message)()
    known.CopyFrom(message)
    known.DiscardUnknownFields()  # at any depth, in one step
    if known.ByteSize() != message.ByteSize():
        _refuse_unknown(message, path)


def _refuse_unknown(message: Message, path: str) -> None:
    """Names the first unknown field, with the message that it is in."""
    unknown = UnknownFieldSet(message)
    if len(unknown):
        numbers = ", ".join(str(unknown[position].field_number) for position in range(len(unknown)))
        where = path or type(message).__name__
        raise SubmissionError(where, f"expected only known fields, found number {numbers}")
    for descriptor, value in message.ListFields():
        if descriptor.type == descriptor.TYPE_MESSAGE:
            inner = f"{path}.{descriptor.name}" if path else descriptor.name
            if isinstance(value, Message):
                _refuse_unknown(value, inner)
            else:
                for number, item in enumerate(value):
                    _refuse_unknown(item, f"{inner}[{number}]")


def _either(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"one of {', '.join(names)}"


def _brief(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:77]}...")
