"""What a service and its worker processes say to each other, over one stream socket for each worker.

A frame is four bytes, big-endian, the length of the body, and the body: one message in MessagePack, a mapping with
its kind under ``type``. The service says::

    grade    grade this; said only to a worker that is ready and has answered everything before
    cancel   stop that grading, if it still runs
    granted  no other slot runs, until that grading says together or ends

and a worker::

    ready    once, when it can grade
    broken   instead of ready: why it cannot; the worker then ends
    event    something happened in a grading
    done     the end of a grading: its report
    failed   the end of a grading: the error that it raised
    alone    that grading waits until no other slot runs
    together it no longer needs that
    told     what the port Observer was told; sent before the next of the others, in one write with it

While a worker grades, the only thing that it can hear, but for the answer to ``alone``, is ``cancel`` or the end of the
connection: that there is something to read *is* the cancellation (``Interrupt.fileno``), and it is read when the
grading has ended. The end of the connection ends the worker.

Most tests of a report that is not accepted did not run; of those only name and place are sent (``Skipped``).

What MessagePack cannot hold is sent as ``judge.model.packing`` says.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import Literal

import msgspec

from judge.errors import (
    EnvironmentFault,
    InfrastructureError,
    JudgeError,
    SlotFault,
    SpecError,
    SubmissionError,
    UnknownProblem,
)
from judge.model.event import Event
from judge.model.packing import pack, unpacker
from judge.model.report import CaseReport, Report, is_skipped_case, skipped_case
from judge.ports import GradingRequest

HEADER = struct.Struct(">I")
MAX_FRAME_BYTES = 1 << 30


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """A message; the classes below are all there are."""


class Grade(Message, frozen=True, kw_only=True, tag="grade"):
    """Grade this."""

    job: int  # names the grading between the two
    request: GradingRequest


class Cancel(Message, frozen=True, kw_only=True, tag="cancel"):
    """Stop that grading."""

    job: int


class Granted(Message, frozen=True, kw_only=True, tag="granted"):
    """No other slot runs."""

    job: int


class Ready(Message, frozen=True, kw_only=True, tag="ready"):
    """The worker can grade."""


class Broken(Message, frozen=True, kw_only=True, tag="broken"):
    """The worker cannot grade."""

    message: str


class Happened(Message, frozen=True, kw_only=True, tag="event"):
    """An event of a grading."""

    job: int
    event: Event


class Alone(Message, frozen=True, kw_only=True, tag="alone"):
    """The grading waits until no other slot runs."""

    job: int


class Together(Message, frozen=True, kw_only=True, tag="together"):
    """Others may run again."""

    job: int


class Skipped(msgspec.Struct, frozen=True, array_like=True):
    """A test that did not run."""

    position: int  # in the report
    name: str
    sample: bool


class Done(Message, frozen=True, kw_only=True, tag="done"):
    """The end of a grading; ``done`` makes it, and ``whole_report`` is the report."""

    job: int
    report: Report  # without the tests that did not run
    skipped: tuple[Skipped, ...] = ()  # by position

    @property
    def whole_report(self) -> Report:
        """The report with all of its tests."""
        if not self.skipped:
            return self.report
        cases = list(self.report.cases)
        for test in self.skipped:
            cases.insert(test.position, skipped_case(test.name, test.sample))
        return replace(self.report, cases=tuple(cases))


class Failed(Message, frozen=True, kw_only=True, tag="failed"):
    """The end of a grading that raised."""

    job: int
    kind: str  # the error's nearest class in ERRORS, or empty for an exception that nobody foresaw
    message: str
    field: str = ""  # of a SubmissionError
    file: str | None = None  # of a SpecError
    line: int | None = None  # of a SpecError


class Fact(msgspec.Struct, frozen=True, array_like=True):
    """A call of the port Observer."""

    method: Literal["count", "observe", "set"]
    name: str
    labels: dict[str, str]
    value: float


class Told(Message, frozen=True, kw_only=True, tag="told"):
    """Calls of the port Observer, in order."""

    facts: tuple[Fact, ...]


FromService = Grade | Cancel | Granted
FromWorker = Ready | Broken | Happened | Alone | Together | Done | Failed | Told

ERRORS: dict[str, type[JudgeError]] = {
    kind.__name__: kind
    for kind in (SpecError, SubmissionError, UnknownProblem, InfrastructureError, EnvironmentFault, SlotFault)
}


def done(job: int, report: Report) -> Done:
    """Returns the message that tells ``report``."""
    judged: list[CaseReport] = []
    skipped: list[Skipped] = []
    for position, case in enumerate(report.cases):
        if is_skipped_case(case):
            skipped.append(Skipped(position, case.name, case.sample))
        else:
            judged.append(case)
    return Done(job=job, report=replace(report, cases=tuple(judged)) if skipped else report, skipped=tuple(skipped))


# --- errors ---------------------------------------------------------------------------------------------------------


def failure_of(job: int, error: Exception) -> Failed:
    """Returns the message that tells ``error``."""
    kind = next((base.__name__ for base in type(error).__mro__ if base in ERRORS.values()), "")
    if isinstance(error, SubmissionError):
        return Failed(job=job, kind=kind, message=error.message, field=error.field)
    if isinstance(error, SpecError):
        return Failed(job=job, kind=kind, message=error.message, file=error.file, line=error.line)
    return Failed(job=job, kind=kind, message=str(error))


def error_of(failed: Failed) -> JudgeError:
    """Returns the error that ``failed`` tells; InfrastructureError for an exception that nobody foresaw."""
    kind = ERRORS.get(failed.kind, InfrastructureError)
    if issubclass(kind, SubmissionError):
        return kind(failed.field, failed.message)
    if issubclass(kind, SpecError):
        return kind(failed.message, file=failed.file, line=failed.line)
    return kind(failed.message)


# --- encoding -------------------------------------------------------------------------------------------------------


def encode(message: Message) -> bytes:
    """Returns the frame of ``message``. Raises TypeError for a value that has no encoding."""
    body = pack(message)
    return HEADER.pack(len(body)) + body


def decode_from_service(body: bytes) -> FromService:
    """Returns the message in ``body``. Raises msgspec.DecodeError."""
    return _SERVICE_DECODER.decode(body)


def decode_from_worker(body: bytes) -> FromWorker:
    """Returns the message in ``body``. Raises msgspec.DecodeError."""
    return _WORKER_DECODER.decode(body)


def body_size(header: bytes) -> int:
    """Returns the length that a header tells. Raises ValueError when it is above ``MAX_FRAME_BYTES``."""
    (size,) = HEADER.unpack(header)
    if size > MAX_FRAME_BYTES:
        raise ValueError(f"expected a frame of at most {MAX_FRAME_BYTES} bytes, found one of {size}")
    return int(size)


_SERVICE_DECODER: msgspec.msgpack.Decoder[FromService] = unpacker(FromService)  # type: ignore[arg-type]
_WORKER_DECODER: msgspec.msgpack.Decoder[FromWorker] = unpacker(FromWorker)  # type: ignore[arg-type]
