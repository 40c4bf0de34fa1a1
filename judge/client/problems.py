"""Problems as a client sees them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from judge.api.v1 import problem_pb2
from judge.model.finding import Finding, Step
from judge.model.run import Limits
from judge.rpc.convert_finding import LEVELS, finding_from_proto


@dataclass(frozen=True, kw_only=True, slots=True)
class ProblemSummary:
    """A problem in a list."""

    slug: str
    family: str
    name: str
    kind: str
    languages: tuple[str, ...]
    error: str  # what is wrong with the package; empty when nothing is


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A test that candidates are shown; values as JSON holds them."""

    name: str
    arguments: dict[str, Any]  # by parameter name
    answer: Any  # meaningless when has_answer is false
    has_answer: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicProblem:
    """A problem as a candidate may see it."""

    slug: str
    family: str
    name: str
    statement: str  # Markdown
    kind: str
    entry_point: str
    parameters: tuple[tuple[str, str], ...]  # name and type
    returns: str  # type
    isolation: str
    limits: Limits
    load_limits: Limits
    code_bytes: int  # the largest source accepted
    languages: tuple[str, ...]
    starters: dict[str, str]  # language to starter code
    samples: tuple[Sample, ...]
    license: str


@dataclass(frozen=True, kw_only=True, slots=True)
class VerificationSummary:
    """The end of a verification; counts are of findings that are not waived."""

    passes: bool  # whether there are neither errors nor warnings
    level: str  # quick, full or exhaustive
    errors: int
    warnings: int
    notes: int
    waived: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisteredProblem:
    """What was registered."""

    problem: ProblemSummary
    source_digest: str  # of slug, family and all files
    plan_digest: str
    case_count: int
    unchanged: bool  # whether the service had it already


@dataclass(frozen=True, kw_only=True, slots=True)
class CompiledProblem:
    """A problem's plan, by its name."""

    plan_digest: str
    case_count: int


def registered_of(message: problem_pb2.RegisterProblemResponse) -> RegisteredProblem:
    """Returns what the message of a registration tells."""
    return RegisteredProblem(
        problem=summary_of(message.problem),
        source_digest=message.source_digest,
        plan_digest=message.plan_digest,
        case_count=message.case_count,
        unchanged=message.unchanged,
    )


def compiled_of(message: problem_pb2.CompileProblemResponse) -> CompiledProblem:
    """Returns what the message of a compilation tells."""
    return CompiledProblem(plan_digest=message.plan_digest, case_count=message.case_count)


def told_of(message: problem_pb2.VerifyProblemResponse) -> Finding | Step | VerificationSummary:
    """Returns what a message of a verification tells."""
    if message.WhichOneof("event") == "finding":
        return finding_from_proto(message.finding)
    if message.WhichOneof("event") == "progress":
        return Step(rule=message.progress.rule, what=message.progress.step)
    summary = message.summary
    return VerificationSummary(
        passes=summary.passes,
        level=LEVELS[summary.level],
        errors=summary.errors,
        warnings=summary.warnings,
        notes=summary.notes,
        waived=summary.waived,
    )


def summary_of(message: problem_pb2.ProblemSummary) -> ProblemSummary:
    """Returns the summary of a message."""
    return ProblemSummary(
        slug=message.slug,
        family=message.family,
        name=message.name,
        kind=message.kind,
        languages=tuple(message.languages),
        error=message.error,
    )


def problem_of(message: problem_pb2.Problem) -> PublicProblem:
    """Returns the problem of a message."""
    return PublicProblem(
        slug=message.slug,
        family=message.family,
        name=message.name,
        statement=message.statement,
        kind=message.kind,
        entry_point=message.entry_point,
        parameters=tuple((parameter.name, parameter.type) for parameter in message.signature.parameters),
        returns=message.signature.returns,
        isolation=message.isolation,
        limits=_limits_of(message.limits),
        load_limits=_limits_of(message.load_limits),
        code_bytes=message.code_bytes,
        languages=tuple(message.languages),
        starters=dict(message.starters),
        samples=tuple(_sample_of(sample) for sample in message.samples),
        license=message.license,
    )


def _limits_of(message: problem_pb2.Limits) -> Limits:
    return Limits(
        cpu_ns=message.cpu_time_limit.ToNanoseconds(),
        wall_ns=message.wall_time_limit.ToNanoseconds(),
        memory_bytes=message.memory_limit_bytes,
        output_bytes=message.output_limit_bytes,
        answer_bytes=message.answer_limit_bytes,
        processes=message.process_limit,
    )


def _sample_of(message: problem_pb2.Sample) -> Sample:
    has_answer = message.HasField("answer_json")
    return Sample(
        name=message.name,
        arguments=json.loads(message.arguments_json),
        answer=json.loads(message.answer_json) if has_answer else None,
        has_answer=has_answer,
    )
