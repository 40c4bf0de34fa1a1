"""Errors to statuses."""

from __future__ import annotations

import grpc
import pytest
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from judge import errors
from judge.errors import (
    Cancelled,
    EnvironmentFault,
    InfrastructureError,
    JudgeError,
    Overloaded,
    RequestConflict,
    SlotFault,
    SpecError,
    SubmissionError,
    UnknownProblem,
)
from judge.rpc.status import CODES, DETAILS_KEY, PUSHBACK_KEY, Refusal, Unimplemented, refusal_of
from judge.scheduling.admission import Draining
from judge.scheduling.gradings import DeadlinePassed

Code = grpc.StatusCode


def detail[M: Message](refusal: Refusal, message: M) -> M:
    status = status_pb2.Status.FromString(dict(refusal.trailers)[DETAILS_KEY])
    assert (status.code, status.message) == (refusal.code.value[0], refusal.message)
    assert any(packed.Unpack(message) for packed in status.details)
    return message


@pytest.mark.parametrize(
    ("error", "code", "reason", "expected"),
    [
        (UnknownProblem("problem", "m"), Code.NOT_FOUND, "UNKNOWN_PROBLEM", True),
        (RequestConflict("request_id", "m"), Code.ALREADY_EXISTS, "REQUEST_ID_REUSED", True),
        (SubmissionError("program", "m"), Code.INVALID_ARGUMENT, "INVALID_FIELD", True),
        (SpecError("m"), Code.FAILED_PRECONDITION, "INVALID_PACKAGE", True),
        (Overloaded("m", retry_after_s=1), Code.RESOURCE_EXHAUSTED, "OVERLOADED", True),
        (Draining("m", retry_after_s=1), Code.UNAVAILABLE, "DRAINING", True),
        (Cancelled("m"), Code.CANCELLED, "CANCELLED", True),
        (DeadlinePassed("m"), Code.DEADLINE_EXCEEDED, "DEADLINE_PASSED", True),
        (Unimplemented("m"), Code.UNIMPLEMENTED, "UNIMPLEMENTED", True),
        (EnvironmentFault("m"), Code.UNAVAILABLE, "ENVIRONMENT_FAULT", False),
        (SlotFault("m"), Code.INTERNAL, "SLOT_FAULT", False),
        (InfrastructureError("m"), Code.INTERNAL, "INFRASTRUCTURE", False),
    ],
)
def test_each_error_has_a_code_a_reason_and_its_message(
    error: JudgeError, code: grpc.StatusCode, reason: str, expected: bool
) -> None:
    refusal = refusal_of(error)
    assert (refusal.code, refusal.message, refusal.expected) == (code, str(error), expected)
    info = detail(refusal, error_details_pb2.ErrorInfo())
    assert (info.reason, info.domain) == (reason, "judge.api.v1")


@pytest.mark.parametrize("error", [RuntimeError("secret"), errors.ConfigError("secret"), KeyError("secret")])
def test_other_errors_are_blank(error: Exception) -> None:
    refusal = refusal_of(error)
    assert (refusal.code, refusal.message) == (Code.INTERNAL, "internal error")
    assert b"secret" not in b"".join(
        value if isinstance(value, bytes) else value.encode() for _, value in refusal.trailers
    )


def test_those_that_nobody_foresaw_are_for_the_log() -> None:
    assert not refusal_of(RuntimeError("secret")).expected


def test_a_class_stands_before_its_base() -> None:
    kinds = [kind for kind, _, _ in CODES]
    for position, kind in enumerate(kinds):
        assert not any(issubclass(later, kind) for later in kinds[position + 1 :])


def test_a_field_violation() -> None:
    refusal = refusal_of(SubmissionError("program.files[0].path", "expected a path"))
    (violation,) = detail(refusal, error_details_pb2.BadRequest()).field_violations
    assert (violation.field, violation.description) == ("program.files[0].path", "expected a path")


@pytest.mark.parametrize("kind", [Overloaded, Draining])
def test_when_to_come_back(kind: type[Overloaded]) -> None:
    refusal = refusal_of(kind("full", retry_after_s=1.25))
    assert detail(refusal, error_details_pb2.RetryInfo()).retry_delay.ToMilliseconds() == 1250
    assert dict(refusal.trailers)[PUSHBACK_KEY] == "1250"


def test_long_and_strange_messages_fit_into_a_trailer() -> None:
    refusal = refusal_of(SubmissionError("f", "\ud800" * 10_000))
    assert len(refusal.message) == 1000
    assert sum(len(value) for _, value in refusal.trailers) < 4096
