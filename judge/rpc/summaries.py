"""A problem in a line, whether its package loads or not."""

from __future__ import annotations

import structlog

from judge.api.v1 import problem_pb2
from judge.errors import SpecError
from judge.rpc import convert_problem
from judge.rpc.problems import Problems

log = structlog.get_logger()


async def summary_of(problems: Problems, slug: str) -> problem_pb2.ProblemSummary:
    """Returns the summary of a problem. Raises UnknownProblem."""
    try:
        return convert_problem.summary_to_proto(await problems.get(slug))
    except SpecError as error:
        log.warning("a problem cannot be loaded", problem=slug, error=str(error))
        return convert_problem.broken_summary_to_proto(slug, error)
