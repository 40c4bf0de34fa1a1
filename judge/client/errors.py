"""What a call can raise: each class says who must act.

::

    ClientError
    ├── InvalidRequest  the caller: ``violations`` name the fields
    │   └── NotFound    ... no such problem
    ├── Refused         the caller, later: the service stayed full through all attempts; ``retry_after_s``
    ├── Unavailable     the caller, later or elsewhere: no connection, or the service is stopping
    └── CallFailed      nobody (cancelled, deadline) or the operator (a fault of the judge); ``code`` tells
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import grpc
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped]

DETAILS_KEY = "grpc-status-details-bin"


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldViolation:
    """One field that the service refused."""

    field: str  # its path: "program.files[0].path"
    description: str  # what was expected and what was found


class ClientError(Exception):
    """A call that did not succeed."""

    def __init__(
        self,
        code: grpc.StatusCode,
        message: str,
        *,
        reason: str = "",
        violations: tuple[FieldViolation, ...] = (),
        retry_after_s: float | None = None,
    ) -> None:
        self.code = code  # the status
        self.reason = reason  # machine-readable, of ErrorInfo: "UNKNOWN_PROBLEM"; empty when the service sent none
        self.violations = violations
        self.retry_after_s = retry_after_s  # when a retry has a chance; None when the service did not say
        super().__init__(f"{code.name}: {message}")


class InvalidRequest(ClientError):
    """The request is wrong."""


class NotFound(InvalidRequest):
    """No problem has that slug."""


class Refused(ClientError):
    """The service is full."""


class Unavailable(ClientError):
    """The service cannot be reached or takes no requests."""


class CallFailed(ClientError):
    """The call was cancelled, its deadline passed, or the judge failed."""


_CLASSES: dict[grpc.StatusCode, type[ClientError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidRequest,
    grpc.StatusCode.ALREADY_EXISTS: InvalidRequest,
    grpc.StatusCode.NOT_FOUND: NotFound,
    grpc.StatusCode.RESOURCE_EXHAUSTED: Refused,
    grpc.StatusCode.UNAVAILABLE: Unavailable,
}


def error_of(error: grpc.aio.AioRpcError) -> ClientError:
    """Returns the error that a call's status stands for."""
    details = _Details(error.trailing_metadata())
    return _CLASSES.get(error.code(), CallFailed)(
        error.code(),
        error.details() or "",
        reason=details.reason,
        violations=details.violations,
        retry_after_s=details.retry_after_s,
    )


class _Details:
    """The details of a status that the judge sends."""

    def __init__(self, metadata: Iterable[tuple[str, str | bytes]] | None) -> None:
        self.reason = ""
        self.violations: tuple[FieldViolation, ...] = ()
        self.retry_after_s: float | None = None
        for key, value in metadata or ():
            if key == DETAILS_KEY:
                for packed in status_pb2.Status.FromString(value).details:
                    self._take(packed)

    def _take(self, packed: error_details_pb2.Any) -> None:
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        retry = error_details_pb2.RetryInfo()
        if packed.Unpack(info):
            self.reason = info.reason
        elif packed.Unpack(bad):
            self.violations = tuple(
                FieldViolation(field=violation.field, description=violation.description)
                for violation in bad.field_violations
            )
        elif packed.Unpack(retry):
            self.retry_after_s = retry.retry_delay.ToNanoseconds() / 1e9
