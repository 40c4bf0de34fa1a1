"""The report: everything about one grading."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

from judge.model.run import Captured, Frame
from judge.model.verdict import Reason, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What a checker says of one answer, or of a series of answers."""

    accepted: bool
    reason: Reason | None = None  # None when accepted
    message: str = ""  # for the candidate: what was expected of the answer and what it was; no secret values
    margin: float | None = None  # largest error divided by the tolerance; at most 1 when accepted
    evidence: dict[str, Any] = field(default_factory=dict)  # plain JSON values: worst index, e-value curve, tables
    score: Fraction | None = None  # 0 to 1, of an accepted answer that is not worth everything; None: 1, or 0 if not


@dataclass(frozen=True, kw_only=True, slots=True)
class Measurement:
    """One run of a test whose verdict a time limit nearly decided otherwise, so that it was run again."""

    verdict: Verdict
    reason: Reason | None
    cpu_ns: int
    wall_ns: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseReport:
    """What happened on one test."""

    name: str
    sample: bool
    verdict: Verdict
    reason: Reason | None
    message: str
    score: Fraction  # 0 to 1
    cpu_ns: int
    wall_ns: int
    memory_peak_bytes: int
    calls: int  # of the entry point; more than one when the checker judges a series
    stdout: Captured
    stderr: Captured
    traceback: tuple[Frame, ...]  # of the exception, the candidate's own frames only
    exit_code: int | None
    signal: int | None
    margin: float | None
    evidence: dict[str, Any]
    earlier: tuple[Measurement, ...] = ()  # runs before this one, which was made alone


_NOTHING = Captured()
_ZERO = Fraction(0)


@lru_cache(maxsize=4096)  # reports hold many, and the same ones again and again
def skipped_case(name: str, sample: bool) -> CaseReport:
    """The report of a test that did not run because the verdict was known."""
    return CaseReport(
        name=name,
        sample=sample,
        verdict=Verdict.SKIPPED,
        reason=Reason.EARLIER_FAILURE,
        message="",
        score=_ZERO,
        cpu_ns=0,
        wall_ns=0,
        memory_peak_bytes=0,
        calls=0,
        stdout=_NOTHING,
        stderr=_NOTHING,
        traceback=(),
        exit_code=None,
        signal=None,
        margin=None,
        evidence={},
    )


def is_skipped_case(case: CaseReport) -> bool:
    """Whether ``skipped_case`` gives this report: nothing but the test's name is in it."""
    if case.verdict is not Verdict.SKIPPED:
        return False
    skipped = skipped_case(case.name, case.sample)
    return case is skipped or case == skipped


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """One phase of a grading: nanoseconds since the Unix epoch."""

    name: str  # queued, compile, test, check, ...
    start_unix_ns: int
    end_unix_ns: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything about one grading."""

    submission_id: str
    problem: str  # slug
    language: str
    verdict: Verdict
    reason: Reason | None
    message: str  # one sentence for the candidate
    score: Fraction  # 0 to 1
    cases: tuple[CaseReport, ...]  # in the plan's order
    compile_output: str  # of the compiler, or the exception at load
    cpu_ns: int  # the largest of any test
    total_cpu_ns: int  # the box's whole life: loading and all tests
    memory_peak_bytes: int  # the largest of any test
    plan_digest: str
    program_digest: str
    grading_digest: str  # of everything that can change the answer
    toolchain: str  # "CPython 3.13.0, numpy 2.5.5"
    path: str  # cold or warm
    slot: int
    phases: tuple[Phase, ...]
