"""Errors to statuses: the one table, and the details that go with each.

Every refusal carries an ErrorInfo of the domain ``judge.api.v1``. A SubmissionError adds a BadRequest with the field,
an Overloaded a RetryInfo, and the trailer ``grpc-retry-pushback-ms`` by which gRPC's own retries wait as long. What
the judge raises on purpose is told as it is; anything else is a blank INTERNAL outside and a full log inside.
"""

from __future__ import annotations

from dataclasses import dataclass

import grpc
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped]

from judge.api.v1 import grading_pb2
from judge.errors import (
    Cancelled,
    EnvironmentFault,
    InfrastructureError,
    JudgeError,
    Overloaded,
    RequestConflict,
    SlotFault,
    SlugTaken,
    SpecError,
    StoreFault,
    SubmissionError,
    UnknownBatch,
    UnknownProblem,
    WrongState,
)
from judge.model.batch import ItemFailure
from judge.rpc.values import printable
from judge.scheduling.admission import Draining
from judge.scheduling.gradings import DeadlinePassed

DOMAIN = "judge.api.v1"
DETAILS_KEY = "grpc-status-details-bin"
PUSHBACK_KEY = "grpc-retry-pushback-ms"

_MESSAGE_LENGTH = 1000  # trailers are bounded, to 8 KiB by many clients


class Unimplemented(JudgeError):
    """A method of the interface that this service does not have."""


class NotConfigured(JudgeError):
    """A method that the operator has not switched on. The message says how."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A status other than OK."""

    code: grpc.StatusCode
    message: str
    expected: bool  # false: a fault of ours, to be logged in full
    trailers: tuple[tuple[str, str | bytes], ...]


# The first class that fits decides: a class stands before its base.
CODES: tuple[tuple[type[JudgeError], grpc.StatusCode, str], ...] = (
    (UnknownProblem, grpc.StatusCode.NOT_FOUND, "UNKNOWN_PROBLEM"),
    (UnknownBatch, grpc.StatusCode.NOT_FOUND, "UNKNOWN_BATCH"),
    (RequestConflict, grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED"),
    (SlugTaken, grpc.StatusCode.ALREADY_EXISTS, "SLUG_TAKEN"),
    (WrongState, grpc.StatusCode.FAILED_PRECONDITION, "WRONG_STATE"),
    (SubmissionError, grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD"),
    (SpecError, grpc.StatusCode.FAILED_PRECONDITION, "INVALID_PACKAGE"),
    (NotConfigured, grpc.StatusCode.FAILED_PRECONDITION, "NOT_CONFIGURED"),
    (Draining, grpc.StatusCode.UNAVAILABLE, "DRAINING"),
    (Overloaded, grpc.StatusCode.RESOURCE_EXHAUSTED, "OVERLOADED"),
    (DeadlinePassed, grpc.StatusCode.DEADLINE_EXCEEDED, "DEADLINE_PASSED"),
    (Cancelled, grpc.StatusCode.CANCELLED, "CANCELLED"),
    (Unimplemented, grpc.StatusCode.UNIMPLEMENTED, "UNIMPLEMENTED"),
    (EnvironmentFault, grpc.StatusCode.UNAVAILABLE, "ENVIRONMENT_FAULT"),
    (SlotFault, grpc.StatusCode.INTERNAL, "SLOT_FAULT"),
    (StoreFault, grpc.StatusCode.UNAVAILABLE, "STORE_FAULT"),
    (InfrastructureError, grpc.StatusCode.INTERNAL, "INFRASTRUCTURE"),
)


def failure_of(error: JudgeError) -> ItemFailure:
    """Returns what an item of a batch has for a result when its grading raised ``error``."""
    reason = next((reason for kind, _, reason in CODES if isinstance(error, kind)), "INTERNAL")
    field = error.field if isinstance(error, SubmissionError) else ""
    message = error.message if isinstance(error, SubmissionError) else str(error)
    return ItemFailure(reason=reason, message=_shorten(message), field=field)


def item_error(failure: ItemFailure) -> grading_pb2.ItemError:
    """Returns the message of a failure."""
    code = next((code for _, code, reason in CODES if reason == failure.reason), grpc.StatusCode.INTERNAL)
    return grading_pb2.ItemError(
        code=code.value[0], message=printable(failure.message), reason=failure.reason, field=failure.field
    )


def refusal_of(error: BaseException) -> Refusal:
    """Returns the status that ``error`` becomes."""
    for kind, code, reason in CODES:
        if isinstance(error, kind):
            return _refuse(code, reason, str(error), error)
    return _refuse(grpc.StatusCode.INTERNAL, "INTERNAL", "internal error", error)


def _refuse(code: grpc.StatusCode, reason: str, text: str, error: BaseException) -> Refusal:
    message = _shorten(text)
    status = status_pb2.Status(code=code.value[0], message=message)
    details = [error_details_pb2.ErrorInfo(reason=reason, domain=DOMAIN), *_details(error)]
    for detail in details:
        status.details.add().Pack(detail)
    trailers: list[tuple[str, str | bytes]] = [(DETAILS_KEY, status.SerializeToString())]
    if isinstance(error, Overloaded):
        trailers.append((PUSHBACK_KEY, str(round(error.retry_after_s * 1000))))
    expected = isinstance(error, JudgeError) and not isinstance(error, InfrastructureError)
    return Refusal(code=code, message=message, expected=expected, trailers=tuple(trailers))


def _details(error: BaseException) -> list[Message]:
    if isinstance(error, SubmissionError):
        violation = error_details_pb2.BadRequest.FieldViolation(field=error.field, description=_shorten(error.message))
        return [error_details_pb2.BadRequest(field_violations=[violation])]
    if isinstance(error, Overloaded):
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromNanoseconds(round(error.retry_after_s * 1e9))
        return [retry]
    return []


def _shorten(text: str) -> str:
    text = printable(text)
    return text if len(text) <= _MESSAGE_LENGTH else f"{text[: _MESSAGE_LENGTH - 3]}..."
