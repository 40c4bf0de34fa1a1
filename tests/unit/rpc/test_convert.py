"""Model to messages and back."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from google.protobuf import json_format
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.api.v1 import report_pb2
from judge.errors import SpecError
from judge.model.event import Event, EventKind
from judge.model.problem import Problem, WrittenCase
from judge.model.program import Program, SourceFile
from judge.model.report import CaseReport, Phase, Report
from judge.model.run import Captured, Frame
from judge.model.verdict import Reason, Verdict
from judge.ports import GradingRequest
from judge.rpc import convert, convert_problem
from judge.twins import case_of, problem_of, report_of

REPEATABLE = settings(derandomize=True, deadline=None)

PROGRAM = Program(language="python3", files=(SourceFile(path="main.py", content=b"x\xff"),), entry_point="f")
REQUEST = GradingRequest(submission_id="s", problem="add", program=PROGRAM)

text = st.text(max_size=8)
nanoseconds = st.integers(0, 10**18)
counts = st.integers(0, 2**62)
scores = st.fractions(0, 1, max_denominator=2**62)
captured = st.builds(Captured, data=st.binary(max_size=8), total_bytes=counts)
evidence = st.dictionaries(text, st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | text, max_size=3)
cases = st.builds(
    CaseReport,
    name=text,
    sample=st.booleans(),
    verdict=st.sampled_from(Verdict),
    reason=st.none() | st.sampled_from(Reason),
    message=text,
    score=scores,
    cpu_ns=nanoseconds,
    wall_ns=nanoseconds,
    memory_peak_bytes=counts,
    calls=st.integers(0, 2**31 - 1),
    stdout=captured,
    stderr=captured,
    traceback=st.tuples(st.builds(Frame, file=text, line=st.integers(0, 2**31 - 1), function=text, source=text)),
    exit_code=st.none() | st.integers(0, 255),
    signal=st.none() | st.integers(1, 64),
    margin=st.none() | st.floats(0, allow_nan=False),
    evidence=evidence,
)
reports = st.builds(
    Report,
    submission_id=text,
    problem=text,
    language=text,
    verdict=st.sampled_from(Verdict),
    reason=st.none() | st.sampled_from(Reason),
    message=text,
    score=scores,
    cases=st.lists(cases, max_size=2).map(tuple),
    compile_output=text,
    cpu_ns=nanoseconds,
    total_cpu_ns=nanoseconds,
    memory_peak_bytes=counts,
    plan_digest=text,
    program_digest=text,
    grading_digest=text,
    toolchain=text,
    path=text,
    slot=st.integers(0, 2**31 - 1),
    phases=st.lists(st.builds(Phase, name=text, start_unix_ns=nanoseconds, end_unix_ns=nanoseconds), max_size=2).map(
        tuple
    ),
)


@REPEATABLE
@given(reports)
def test_a_report_comes_back_as_it_was(report: Report) -> None:
    message = convert.report_to_proto(report)
    assert convert.report_from_proto(report_pb2.Report.FromString(message.SerializeToString())) == report


def test_a_program_comes_back_as_it_was() -> None:
    assert convert.program_from_proto(convert.program_to_proto(PROGRAM)) == PROGRAM


def test_every_verdict_has_a_value_of_its_own() -> None:
    names = {f"VERDICT_{verdict.value}" for verdict in Verdict}
    assert names == set(report_pb2.Verdict.keys()) - {"VERDICT_UNSPECIFIED"}


def test_a_report_as_json_has_proto_field_names() -> None:
    report = replace(report_of(REQUEST), score=Fraction(1, 3), verdict=Verdict.WRONG_ANSWER)
    message = convert.report_to_proto(report)
    shown = json.loads(json_format.MessageToJson(message, preserving_proto_field_name=True))
    assert shown["verdict"] == "VERDICT_WRONG_ANSWER"
    assert shown["score"] == {"numerator": "1", "denominator": "3"}
    assert shown["total_cpu_time"] == "0.005s"
    assert shown["cases"][0]["stdout"] == {"data": "aGVsbG8K", "total_bytes": "6"}


def test_what_utf8_cannot_hold_is_escaped() -> None:
    frame = Frame(file="\ud800", line=1, function="\ud801", source="\ud802")
    case = replace(case_of("c", sample=True), message="\ud803", traceback=(frame,), evidence={"\ud804": 1 << 70})
    report = replace(report_of(REQUEST), message="\ud805", compile_output="\ud806", cases=(case,))
    message = convert.report_to_proto(report)
    shown = json_format.MessageToDict(message)
    assert shown["message"] == "\\ud805"
    assert shown["compileOutput"] == "\\ud806"
    assert shown["cases"][0]["traceback"] == [
        {"file": "\\ud800", "line": 1, "function": "\\ud801", "source": "\\ud802"}
    ]
    assert shown["cases"][0]["evidence"] == {"\\ud804": str(1 << 70)}


def failing(*, sample: bool) -> Report:
    frame = Frame(file="main.py", line=1, function="f", source="raise ValueError(secret)")
    case = replace(
        case_of("sample/02" if sample else "secret/02", sample=sample),
        verdict=Verdict.RUNTIME_ERROR,
        reason=Reason.EXCEPTION,
        message="ValueError: 4711",
        stderr=Captured(data=b"4711", total_bytes=4),
        traceback=(frame,),
        exit_code=1,
        evidence={"value": 4711},
    )
    whole = report_of(REQUEST)
    return replace(
        whole,
        verdict=Verdict.RUNTIME_ERROR,
        reason=Reason.EXCEPTION,
        message=f"{case.name}: {case.message}",
        cases=(whole.cases[0], case),
    )


def test_a_candidate_does_not_see_what_a_secret_test_contains() -> None:
    message = convert.report_to_proto(failing(sample=False), convert.CANDIDATE)
    assert b"4711" not in message.SerializeToString()
    assert message.message == "secret/02: exception"
    shown, hidden = message.cases
    assert shown.stdout.data == b"hello\n"
    assert (hidden.name, hidden.reason, hidden.exit_code) == ("secret/02", "exception", 1)
    assert hidden.verdict == report_pb2.VERDICT_RUNTIME_ERROR
    assert hidden.cpu_time.ToMilliseconds() == 2
    assert not hidden.HasField("stdout")
    assert not hidden.HasField("margin")
    assert not hidden.traceback


def test_a_candidate_sees_samples_and_the_back_end_sees_everything() -> None:
    sample = failing(sample=True)
    assert convert.report_to_proto(sample, convert.CANDIDATE) == convert.report_to_proto(sample)
    assert convert.report_to_proto(failing(sample=False), 0).cases[1].message == "ValueError: 4711"


EVENTS = [
    Event(kind=EventKind.QUEUED, unix_ns=1),
    Event(kind=EventKind.COMPILING, unix_ns=2),
    Event(kind=EventKind.COMPILED, unix_ns=3, case_count=2),
    Event(kind=EventKind.TEST_STARTED, unix_ns=4, case_name="a", case_index=0, case_count=2),
    Event(
        kind=EventKind.TEST_FINISHED,
        unix_ns=5,
        case_name="a",
        case_index=0,
        case_count=2,
        case=replace(case_of("a", sample=True), evidence={}),
    ),
    Event(kind=EventKind.FINISHED, unix_ns=6, report=replace(report_of(REQUEST), cases=())),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind.value)
def test_an_event_comes_back_as_it_was(event: Event) -> None:
    message = convert.event_to_proto(7, event)
    assert message.sequence_number == 7
    assert message.WhichOneof("event") == event.kind.value
    assert convert.event_from_proto(message) == event


def test_the_events_of_a_secret_test_hide_what_its_report_hides() -> None:
    event = replace(EVENTS[4], case=failing(sample=False).cases[1])
    message = convert.event_to_proto(1, event, convert.CANDIDATE)
    assert b"4711" not in message.SerializeToString()
    finished = replace(EVENTS[5], report=failing(sample=False))
    assert b"4711" not in convert.event_to_proto(2, finished, convert.CANDIDATE).SerializeToString()


def test_a_problem_shows_its_samples_only() -> None:
    message = convert_problem.problem_to_proto(problem_of("add"))
    assert [sample.name for sample in message.samples] == ["sample/01"]
    assert json.loads(message.samples[0].arguments_json) == {"a": 1, "b": 2}
    assert message.samples[0].answer_json == "3"
    assert [(parameter.name, parameter.type) for parameter in message.signature.parameters] == [
        ("a", "int"),
        ("b", "int"),
    ]
    assert message.signature.returns == "int"
    assert message.limits.cpu_time_limit.ToSeconds() == 1
    assert message.limits.memory_limit_bytes == 256 << 20
    assert message.limits.process_limit == 8
    assert dict(message.starters) == {"python3": "def add(a, b):\n    ...\n"}
    assert b"11" not in message.SerializeToString()  # the secret answer


def with_sample(**changes: Any) -> Problem:
    problem = problem_of("add")
    sample: WrittenCase = replace(problem.written[0], **changes)
    return replace(problem, written=(sample,))


def test_a_sample_without_an_answer_has_none() -> None:
    (sample,) = convert_problem.problem_to_proto(with_sample(has_answer=False)).samples
    assert not sample.HasField("answer_json")


def test_an_answer_of_none_is_an_answer() -> None:
    (sample,) = convert_problem.problem_to_proto(with_sample(answer=None)).samples
    assert sample.answer_json == "null"


def test_a_broken_problem_is_listed_with_its_error() -> None:
    message = convert_problem.broken_summary_to_proto("bad", SpecError("unknown key", file="problem.yaml", line=3))
    assert (message.slug, message.error) == ("bad", "problem.yaml:3: unknown key")
