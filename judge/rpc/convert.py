"""Model to messages and back: the only place that knows both.

A message holds what the model holds; what cannot be said in it (a lone surrogate in a candidate's output, an integer of
evidence beyond a double) is converted as ``judge.rpc.values`` says. ``report_from_proto(report_to_proto(r)) == r``
otherwise.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from google.protobuf import duration_pb2, json_format, timestamp_pb2

from judge.api.v1 import grading_pb2, program_pb2, report_pb2
from judge.model.event import Event, EventKind
from judge.model.program import Program, SourceFile
from judge.model.report import CaseReport, Measurement, Phase, Report, is_skipped_case, skipped_case
from judge.model.run import Captured, Frame
from judge.model.verdict import Reason, Verdict
from judge.rpc.values import printable, struct_value
from judge.units import NANOSECONDS

FULL = report_pb2.REPORT_VIEW_FULL
CANDIDATE = report_pb2.REPORT_VIEW_CANDIDATE

_VERDICTS: dict[Verdict, Any] = {verdict: report_pb2.Verdict.Value(f"VERDICT_{verdict.value}") for verdict in Verdict}
_UNJUDGED = (Verdict.ACCEPTED, Verdict.SKIPPED)


# --- programs -------------------------------------------------------------------------------------------------------


def program_to_proto(program: Program) -> program_pb2.Program:
    """Returns the message of a program."""
    files = [program_pb2.SourceFile(path=file.path, content=file.content) for file in program.files]
    return program_pb2.Program(language=program.language, files=files, entry_point=program.entry_point)


def program_from_proto(message: program_pb2.Program) -> Program:
    """Returns the program of a message."""
    files = tuple(SourceFile(path=file.path, content=file.content) for file in message.files)
    return Program(language=message.language, files=files, entry_point=message.entry_point)


# --- reports, out ---------------------------------------------------------------------------------------------------


def report_to_proto(report: Report, view: int = FULL) -> report_pb2.Report:
    """Returns the message of a report, as much of it as ``view`` (a ``ReportView``) shows."""
    return report_pb2.Report(
        submission_id=report.submission_id,
        problem=report.problem,
        language=report.language,
        verdict=verdict_to_proto(report.verdict),
        reason=report.reason or "",
        message=printable(_message_for(report, view)),
        score=rational_to_proto(report.score),
        cases=[case_to_proto(case, view) for case in report.cases],
        compile_output=printable(report.compile_output),
        cpu_time=duration_of(report.cpu_ns),
        total_cpu_time=duration_of(report.total_cpu_ns),
        memory_peak_bytes=report.memory_peak_bytes,
        plan_digest=report.plan_digest,
        program_digest=report.program_digest,
        grading_digest=report.grading_digest,
        toolchain=printable(report.toolchain),
        path=report.path,
        slot=report.slot,
        phases=[_phase_to_proto(phase) for phase in report.phases],
    )


def case_to_proto(case: CaseReport, view: int = FULL) -> report_pb2.CaseReport:
    """Returns the message of a test's report, as much of it as ``view`` (a ``ReportView``) shows; not to be changed."""
    shown = view != CANDIDATE or case.sample
    if not is_skipped_case(case):  # most tests of a report that is not accepted are
        return _case_to_proto(case, shown)
    return _skipped_to_proto(case.name, case.sample, shown)


@lru_cache(maxsize=4096)
def _skipped_to_proto(name: str, sample: bool, shown: bool) -> report_pb2.CaseReport:
    return _case_to_proto(skipped_case(name, sample), shown)


def _case_to_proto(case: CaseReport, shown: bool) -> report_pb2.CaseReport:
    message = report_pb2.CaseReport(
        name=printable(case.name),
        sample=case.sample,
        verdict=verdict_to_proto(case.verdict),
        reason=case.reason or "",
        score=rational_to_proto(case.score),
        cpu_time=duration_of(case.cpu_ns),
        wall_time=duration_of(case.wall_ns),
        memory_peak_bytes=case.memory_peak_bytes,
        calls=case.calls,
        exit_code=case.exit_code,
        signal=case.signal,
        earlier_runs=[_measurement_to_proto(run) for run in case.earlier],
    )
    if shown:
        _add_details(message, case)
    return message


def _measurement_to_proto(run: Measurement) -> report_pb2.Measurement:
    return report_pb2.Measurement(
        verdict=verdict_to_proto(run.verdict),
        reason=run.reason or "",
        cpu_time=duration_of(run.cpu_ns),
        wall_time=duration_of(run.wall_ns),
    )


def _add_details(message: report_pb2.CaseReport, case: CaseReport) -> None:
    """Adds what can reveal a secret test."""
    message.message = printable(case.message)
    message.stdout.CopyFrom(_captured_to_proto(case.stdout))
    message.stderr.CopyFrom(_captured_to_proto(case.stderr))
    message.traceback.extend(_frame_to_proto(frame) for frame in case.traceback)
    if case.margin is not None:
        message.margin = case.margin
    message.evidence.SetInParent()
    if case.evidence:
        message.evidence.update(struct_value(case.evidence))


def _message_for(report: Report, view: int) -> str:
    """Returns the report's message; candidates are not shown what a secret test's contains."""
    failing = next((case for case in report.cases if case.verdict not in _UNJUDGED), None)
    if view != CANDIDATE or failing is None or failing.sample:
        return report.message
    return f"{failing.name}: {failing.reason or failing.verdict}"


def verdict_to_proto(verdict: Verdict) -> report_pb2.Verdict:
    """Returns the value of a verdict."""
    number: report_pb2.Verdict = _VERDICTS[verdict]
    return number


@lru_cache(maxsize=256)
def rational_to_proto(value: Fraction) -> report_pb2.Rational:
    """Returns the message of a fraction."""
    return report_pb2.Rational(numerator=value.numerator, denominator=value.denominator)


def duration_of(nanoseconds: int) -> duration_pb2.Duration:
    """Returns the message of a duration."""
    seconds, nanos = divmod(nanoseconds, NANOSECONDS)
    return duration_pb2.Duration(seconds=seconds, nanos=nanos)


def _timestamp(unix_ns: int) -> timestamp_pb2.Timestamp:
    seconds, nanos = divmod(unix_ns, NANOSECONDS)
    return timestamp_pb2.Timestamp(seconds=seconds, nanos=nanos)


def _captured_to_proto(captured: Captured) -> report_pb2.Captured:
    return report_pb2.Captured(data=captured.data, total_bytes=captured.total_bytes, truncated=captured.truncated)


def _frame_to_proto(frame: Frame) -> report_pb2.Frame:
    return report_pb2.Frame(
        file=printable(frame.file), line=frame.line, function=printable(frame.function), source=printable(frame.source)
    )


def _phase_to_proto(phase: Phase) -> report_pb2.Phase:
    return report_pb2.Phase(
        name=phase.name, start_time=_timestamp(phase.start_unix_ns), end_time=_timestamp(phase.end_unix_ns)
    )


# --- reports, in ----------------------------------------------------------------------------------------------------


def report_from_proto(message: report_pb2.Report) -> Report:
    """Returns the report of a message. Raises ValueError for a verdict or reason that this version does not know."""
    return Report(
        submission_id=message.submission_id,
        problem=message.problem,
        language=message.language,
        verdict=verdict_from_proto(message.verdict),
        reason=Reason(message.reason) if message.reason else None,
        message=message.message,
        score=_fraction(message.score),
        cases=tuple(case_from_proto(case) for case in message.cases),
        compile_output=message.compile_output,
        cpu_ns=message.cpu_time.ToNanoseconds(),
        total_cpu_ns=message.total_cpu_time.ToNanoseconds(),
        memory_peak_bytes=message.memory_peak_bytes,
        plan_digest=message.plan_digest,
        program_digest=message.program_digest,
        grading_digest=message.grading_digest,
        toolchain=message.toolchain,
        path=message.path,
        slot=message.slot,
        phases=tuple(_phase_from_proto(phase) for phase in message.phases),
    )


def case_from_proto(message: report_pb2.CaseReport) -> CaseReport:
    """Returns the test's report of a message. Raises ValueError for a verdict or reason that is not known."""
    return CaseReport(
        name=message.name,
        sample=message.sample,
        verdict=verdict_from_proto(message.verdict),
        reason=Reason(message.reason) if message.reason else None,
        message=message.message,
        score=_fraction(message.score),
        cpu_ns=message.cpu_time.ToNanoseconds(),
        wall_ns=message.wall_time.ToNanoseconds(),
        memory_peak_bytes=message.memory_peak_bytes,
        calls=message.calls,
        stdout=_captured_from_proto(message.stdout),
        stderr=_captured_from_proto(message.stderr),
        traceback=tuple(_frame_from_proto(frame) for frame in message.traceback),
        exit_code=message.exit_code if message.HasField("exit_code") else None,
        signal=message.signal if message.HasField("signal") else None,
        margin=message.margin if message.HasField("margin") else None,
        evidence=json_format.MessageToDict(message.evidence),
        earlier=tuple(_measurement_from_proto(run) for run in message.earlier_runs),
    )


def _measurement_from_proto(message: report_pb2.Measurement) -> Measurement:
    return Measurement(
        verdict=verdict_from_proto(message.verdict),
        reason=Reason(message.reason) if message.reason else None,
        cpu_ns=message.cpu_time.ToNanoseconds(),
        wall_ns=message.wall_time.ToNanoseconds(),
    )


def verdict_from_proto(verdict: report_pb2.Verdict) -> Verdict:
    """Returns the verdict of a value. Raises ValueError for one that this version does not know."""
    return Verdict(report_pb2.Verdict.Name(verdict).removeprefix("VERDICT_"))


def _fraction(message: report_pb2.Rational) -> Fraction:
    return Fraction(message.numerator, message.denominator)


def _captured_from_proto(message: report_pb2.Captured) -> Captured:
    return Captured(data=message.data, total_bytes=message.total_bytes)


def _frame_from_proto(message: report_pb2.Frame) -> Frame:
    return Frame(file=message.file, line=message.line, function=message.function, source=message.source)


def _phase_from_proto(message: report_pb2.Phase) -> Phase:
    return Phase(
        name=message.name,
        start_unix_ns=message.start_time.ToNanoseconds(),
        end_unix_ns=message.end_time.ToNanoseconds(),
    )


# --- events ---------------------------------------------------------------------------------------------------------


def event_to_proto(number: int, event: Event, view: int = FULL) -> grading_pb2.GradeEvent:
    """Returns the message of a grading's event with the sequence number ``number``."""
    message = grading_pb2.GradeEvent(sequence_number=number, event_time=_timestamp(event.unix_ns))
    part = getattr(message, event.kind.value)
    part.SetInParent()
    if event.kind is EventKind.COMPILED:
        part.case_count = event.case_count
    elif event.kind in (EventKind.TEST_STARTED, EventKind.TEST_FINISHED):
        part.case_index, part.case_count = event.case_index, event.case_count
    if event.kind is EventKind.TEST_STARTED:
        part.case_name = event.case_name
    if event.case is not None:
        part.case_report.CopyFrom(case_to_proto(event.case, view))
    if event.report is not None:
        part.report.CopyFrom(report_to_proto(event.report, view))
    return message


def event_from_proto(message: grading_pb2.GradeEvent) -> Event:
    """Returns the event of a message. Raises ValueError for a kind that this version does not know."""
    kind = EventKind(message.WhichOneof("event") or "unknown")
    part = getattr(message, kind.value)
    case = case_from_proto(part.case_report) if kind is EventKind.TEST_FINISHED else None
    return Event(
        kind=kind,
        unix_ns=message.event_time.ToNanoseconds(),
        case_name=case.name if case else getattr(part, "case_name", ""),
        case_index=getattr(part, "case_index", -1),
        case_count=getattr(part, "case_count", 0),
        case=case,
        report=report_from_proto(part.report) if kind is EventKind.FINISHED else None,
    )
