"""What a verification tells, to messages and back."""

from __future__ import annotations

from collections.abc import Sequence

from judge.api.v1 import problem_pb2
from judge.model.finding import Finding, Severity, Step, passes
from judge.rpc.values import printable

LEVELS = {
    problem_pb2.VERIFICATION_LEVEL_QUICK: "quick",
    problem_pb2.VERIFICATION_LEVEL_FULL: "full",
    problem_pb2.VERIFICATION_LEVEL_EXHAUSTIVE: "exhaustive",
}
LEVEL_NUMBERS = {name: number for number, name in LEVELS.items()}
_SEVERITIES = {
    Severity.INFO: problem_pb2.SEVERITY_INFO,
    Severity.WARNING: problem_pb2.SEVERITY_WARNING,
    Severity.ERROR: problem_pb2.SEVERITY_ERROR,
}
_SEVERITY_OF = {number: severity for severity, number in _SEVERITIES.items()}


def told_to_proto(number: int, told: Finding | Step) -> problem_pb2.VerifyProblemResponse:
    """Returns the message of an event."""
    if isinstance(told, Step):
        progress = problem_pb2.VerificationProgress(rule=told.rule, step=printable(told.what))
        return problem_pb2.VerifyProblemResponse(sequence_number=number, progress=progress)
    return problem_pb2.VerifyProblemResponse(sequence_number=number, finding=_finding_to_proto(told))


def summary_to_proto(level: str, findings: Sequence[Finding]) -> problem_pb2.VerificationSummary:
    """Returns the message of a verification's end."""
    kept = [finding for finding in findings if finding.waived is None]
    counts = {severity: sum(finding.severity is severity for finding in kept) for severity in Severity}
    return problem_pb2.VerificationSummary(
        passes=passes(findings),
        level=LEVEL_NUMBERS[level],
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        notes=counts[Severity.INFO],
        waived=len(findings) - len(kept),
    )


def finding_from_proto(message: problem_pb2.Finding) -> Finding:
    """Returns the finding of a message."""
    return Finding(
        rule=message.rule,
        severity=_SEVERITY_OF[message.severity],
        message=message.message,
        file=message.file,
        line=message.line or None,
        about=message.about,
        remedy=message.remedy,
        replay=message.replay,
        waived=message.waived if message.HasField("waived") else None,
    )


def _finding_to_proto(finding: Finding) -> problem_pb2.Finding:
    return problem_pb2.Finding(
        rule=finding.rule,
        severity=_SEVERITIES[finding.severity],
        message=printable(finding.message),
        file=printable(finding.file),
        line=finding.line or 0,
        about=printable(finding.about),
        remedy=printable(finding.remedy),
        replay=printable(finding.replay),
        waived=None if finding.waived is None else printable(finding.waived),
    )
