"""Problems to messages: what a candidate may see of them."""

from __future__ import annotations

from judge.api.v1 import problem_pb2
from judge.errors import SpecError
from judge.model.problem import Problem, WrittenCase
from judge.model.run import Limits
from judge.rpc.convert import duration_of
from judge.rpc.values import printable, to_json


def problem_to_proto(problem: Problem) -> problem_pb2.Problem:
    """Returns the message of a problem: what a candidate may see of it."""
    return problem_pb2.Problem(
        slug=problem.slug,
        family=problem.family,
        name=problem.name,
        statement=problem.statement,
        kind=problem.kind,
        entry_point=problem.entry_point,
        signature=_signature_to_proto(problem),
        isolation=problem.isolation.value,
        limits=_limits_to_proto(problem.limits),
        load_limits=_limits_to_proto(problem.load_limits),
        code_bytes=problem.code_bytes,
        languages=problem.languages,
        starters=problem.starters,
        samples=[_sample_to_proto(case) for case in problem.written if case.sample],
        license=problem.license,
    )


def summary_to_proto(problem: Problem) -> problem_pb2.ProblemSummary:
    """Returns the message of a problem in a list."""
    return problem_pb2.ProblemSummary(
        slug=problem.slug,
        family=problem.family,
        name=problem.name,
        kind=problem.kind,
        languages=problem.languages,
    )


def broken_summary_to_proto(slug: str, error: SpecError) -> problem_pb2.ProblemSummary:
    """Returns the message of a problem that cannot be loaded."""
    return problem_pb2.ProblemSummary(slug=slug, error=printable(str(error)))


def _signature_to_proto(problem: Problem) -> problem_pb2.Signature:
    parameters = [problem_pb2.Parameter(name=p.name, type=str(p.type)) for p in problem.signature.parameters]
    return problem_pb2.Signature(parameters=parameters, returns=str(problem.signature.returns))


def _limits_to_proto(limits: Limits) -> problem_pb2.Limits:
    return problem_pb2.Limits(
        cpu_time_limit=duration_of(limits.cpu_ns),
        wall_time_limit=duration_of(limits.wall_ns),
        memory_limit_bytes=limits.memory_bytes,
        output_limit_bytes=limits.output_bytes,
        answer_limit_bytes=limits.answer_bytes,
        process_limit=limits.processes,
    )


def _sample_to_proto(case: WrittenCase) -> problem_pb2.Sample:
    message = problem_pb2.Sample(name=case.name, arguments_json=to_json(case.arguments))
    if case.has_answer:
        message.answer_json = to_json(case.answer)
    return message
