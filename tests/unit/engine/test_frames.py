"""The frames between service and workers: every message comes back as it was."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import msgspec
import numpy as np
import pytest

from judge.engine import frames
from judge.errors import (
    EnvironmentFault,
    InfrastructureError,
    JudgeError,
    RequestConflict,
    SlotFault,
    SpecError,
    SubmissionError,
    UnknownProblem,
)
from judge.model.event import Event, EventKind
from judge.model.program import Program, SourceFile
from judge.model.report import Report, skipped_case
from judge.model.run import Frame
from judge.model.verdict import Reason, Verdict
from judge.ports import GradingRequest
from judge.twins import report_of

REQUEST = GradingRequest(
    submission_id="s",
    problem="add",
    program=Program(
        language="python3",
        files=(SourceFile(path="a.py", content=b"\x00\xff"), SourceFile(path="b/c.py", content=b"")),
        entry_point="add",
    ),
    deadline_unix_ns=2**62,
)


def report() -> Report:
    whole = report_of(REQUEST)
    case = replace(
        whole.cases[0],
        verdict=Verdict.WRONG_ANSWER,
        reason=Reason.WRONG_VALUE,
        score=Fraction(2**80, 2**80 + 1),
        traceback=(Frame(file="a.py", line=1, function="f", source="x"),),
        exit_code=3,
        signal=9,
        evidence={"list": [1, 2.5, None, True], "nested": {"a": "ü"}},
    )
    return replace(whole, cases=(case, *whole.cases[1:]))


FROM_WORKER: list[frames.FromWorker] = [
    frames.Ready(),
    frames.Broken(message="no cgroup"),
    frames.Done(job=7, report=report()),
    frames.Happened(job=7, event=Event(kind=EventKind.COMPILED, unix_ns=5, case_count=2)),
    frames.Happened(job=7, event=Event(kind=EventKind.TEST_FINISHED, unix_ns=5, case=report().cases[0])),
    frames.Told(facts=(frames.Fact("observe", "judge_stage_seconds", {"stage": "test"}, 0.5),)),
    frames.Failed(job=7, kind="SpecError", message="m", file="f", line=3),
]


@pytest.mark.parametrize("message", FROM_WORKER, ids=lambda message: type(message).__name__)
def test_a_worker_s_message_comes_back(message: frames.FromWorker) -> None:
    frame = frames.encode(message)
    assert frames.body_size(frame[:4]) == len(frame) - 4
    assert frames.decode_from_worker(frame[4:]) == message


@pytest.mark.parametrize("message", [frames.Grade(job=1, request=REQUEST), frames.Cancel(job=1)])
def test_a_service_s_message_comes_back(message: frames.FromService) -> None:
    assert frames.decode_from_service(frames.encode(message)[4:]) == message


@pytest.mark.parametrize(
    "error",
    [
        SpecError("wrong", file="problem.yaml", line=4),
        SpecError("wrong"),
        SubmissionError("program", "too long"),
        UnknownProblem("problem", "none of that name"),
        InfrastructureError("a fault"),
        EnvironmentFault("no cgroup"),
        SlotFault("in doubt"),
    ],
)
def test_an_error_comes_back_as_it_was(error: JudgeError) -> None:
    back = frames.error_of(frames.failure_of(1, error))
    assert type(back) is type(error)
    assert vars(back) == vars(error)
    assert str(back) == str(error)


def test_an_error_of_a_class_that_is_not_known_comes_back_as_its_base() -> None:
    assert type(frames.error_of(frames.failure_of(1, RequestConflict("id", "used")))) is SubmissionError
    assert frames.failure_of(1, ZeroDivisionError("x")).kind == ""
    assert type(frames.error_of(frames.failure_of(1, ZeroDivisionError("x")))) is InfrastructureError


def test_tests_that_did_not_run_come_back_in_their_places_and_take_little_room() -> None:
    ran = report().cases[0]
    names = [f"secret/{number:02}" for number in range(40)]
    cases = [skipped_case(name, name.endswith("7")) for name in names]
    cases[3] = ran
    cases[5] = replace(skipped_case("secret/05", False), message="skipped, and something is said of it")
    whole = replace(report(), cases=tuple(cases))
    frame = frames.encode(frames.done(1, whole))
    back = frames.decode_from_worker(frame[4:])
    assert isinstance(back, frames.Done)
    assert back.whole_report == whole
    assert len(frame) < len(frames.encode(frames.Done(job=1, report=whole))) / 4


def test_what_messagepack_cannot_hold_is_escaped() -> None:
    strange = replace(
        report(),
        message="a\ud800b",
        compile_output="\udfff",
        cases=(replace(report().cases[0], evidence={"\ud800": [1 << 90, -(1 << 90), "\ud801"]}),),
    )
    done = frames.decode_from_worker(frames.encode(frames.Done(job=1, report=strange))[4:])
    assert isinstance(done, frames.Done)
    assert done.report.message == "a\\ud800b"
    assert done.report.compile_output == "\\udfff"
    assert done.report.cases[0].evidence == {"\\ud800": [str(1 << 90), str(-(1 << 90)), "\\ud801"]}
    assert done.report.cases[0].score == report().cases[0].score


def test_numpy_values_in_evidence_become_plain() -> None:
    evidence = {"f": np.float64(0.5), "i": np.int32(3), "b": np.bool_(True), "a": np.arange(3)}
    strange = replace(report(), cases=(replace(report().cases[0], evidence=evidence),))
    done = frames.decode_from_worker(frames.encode(frames.Done(job=1, report=strange))[4:])
    assert isinstance(done, frames.Done)
    assert done.report.cases[0].evidence == {"f": 0.5, "i": 3, "b": True, "a": [0, 1, 2]}


def test_other_values_are_refused() -> None:
    strange = replace(report(), cases=(replace(report().cases[0], evidence={"o": object()}),))
    with pytest.raises(TypeError, match="type 'object' cannot be told between processes"):
        frames.encode(frames.Done(job=1, report=strange))


@pytest.mark.parametrize("body", [b"", b"\xc1", b"\x80", b"\x81\xa4type\xa4what"])
def test_what_is_not_a_message_is_refused(body: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        frames.decode_from_worker(body)


def test_a_length_beyond_the_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a frame of at most 1073741824 bytes, found one of 4294967295"):
        frames.body_size(b"\xff\xff\xff\xff")
