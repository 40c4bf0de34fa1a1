"""The errors of the judge: each class says who must act.

::

    JudgeError
    ├── SpecError            the author of a problem package: file, line, expected, found
    ├── SubmissionError      the sender of a submission: the field, expected, found
    │   ├── UnknownProblem   ... no such problem
    │   ├── UnknownBatch     ... no such batch
    │   ├── RequestConflict  ... the request id was used for other content
    │   ├── SlugTaken        ... the operator's own problems have that slug
    │   └── WrongState       ... what is named is not in the state that the call needs
    ├── ConfigError          the operator: a setting is unknown or out of range
    ├── Overloaded           the client: come back after ``retry_after_s``
    ├── Cancelled            nobody: the caller went away or its deadline passed
    └── InfrastructureError  the operator: a fault of ours, never a verdict
        ├── EnvironmentFault ... a control that the sandbox needs is missing (with its remedy)
        ├── SlotFault        ... a slot broke and must be rebuilt; the run may be repeated
        └── StoreFault       ... what keeps reports, batches and packages failed: a full disk, a lost connection

Errors *before* a run are exceptions (statuses over gRPC); failures *of* a run are data in a report.
"""

from __future__ import annotations


class JudgeError(Exception):
    """The root of everything that the judge raises on purpose."""


class SpecError(JudgeError):
    """A problem package is wrong. The message names the file, the line, what was expected and what was found."""

    def __init__(self, message: str, *, file: str | None = None, line: int | None = None) -> None:
        self.file = file
        self.line = line
        self.message = message
        super().__init__(f"{self.location}: {message}" if file else message)

    @property
    def location(self) -> str:
        """``file:line`` as editors understand it, or the file alone."""
        return f"{self.file}:{self.line}" if self.line else str(self.file)


class SubmissionError(JudgeError):
    """A request for a grading is invalid before anything ran. ``field`` is the path of the offending field."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(f"{field}: {message}")


class UnknownProblem(SubmissionError):
    """No problem has that slug or path."""


class UnknownBatch(SubmissionError):
    """No batch has that id."""


class RequestConflict(SubmissionError):
    """The request id was used before for other content."""


class SlugTaken(SubmissionError):
    """The slug is that of one of the operator's own problems, which no client may replace."""


class WrongState(SubmissionError):
    """What the field names is not in the state that the call needs: a batch that still runs, say."""


class ConfigError(JudgeError):
    """A setting is unknown, malformed or out of range."""


class Overloaded(JudgeError):
    """Admission is full. ``retry_after_s`` is when a retry has a chance, in seconds."""

    def __init__(self, message: str, *, retry_after_s: float) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message)


class Cancelled(JudgeError):
    """The caller went away, or its deadline passed; the run was killed."""


class InfrastructureError(JudgeError):
    """A fault of ours. It is never a verdict on the candidate, never cached, never a zero."""


class EnvironmentFault(InfrastructureError):
    """The machine lacks a control that the sandbox needs. The message ends with the remedy."""


class SlotFault(InfrastructureError):
    """A slot is in doubt: it must be destroyed and rebuilt, and the run repeated elsewhere."""


class StoreFault(InfrastructureError):
    """What keeps reports, batches or registered packages failed. The message says what it said."""
