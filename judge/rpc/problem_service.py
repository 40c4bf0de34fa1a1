"""ProblemService: what can be graded, and whether it is fit to be."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import aclosing

from judge.api.v1 import problem_pb2, problem_pb2_grpc
from judge.model.finding import Finding
from judge.rpc import convert_problem, validate
from judge.rpc.compiling import Compilations
from judge.rpc.convert_finding import LEVELS, summary_to_proto, told_to_proto
from judge.rpc.interceptors import Context, time_remaining_s
from judge.rpc.places import Places
from judge.rpc.problems import Problems
from judge.rpc.registering import Registrations
from judge.rpc.summaries import summary_of
from judge.rpc.verifying import Verifications
from judge.scheduling.gradings import DeadlinePassed

_DEFAULT_PAGE = 100


class ProblemServicer(problem_pb2_grpc.ProblemServiceServicer):
    """Lists, describes, registers, compiles and verifies problems."""

    def __init__(
        self,
        problems: Problems,
        verifications: Verifications,
        compilations: Compilations,
        registrations: Registrations,
        places: Places,
    ) -> None:
        self._problems = problems
        self._verifications = verifications
        self._compilations = compilations
        self._registrations = registrations
        self._places = places  # of compilations and registrations

    async def List(
        self, request: problem_pb2.ListProblemsRequest, context: Context
    ) -> problem_pb2.ListProblemsResponse:
        """A page of problems; a token is the slug after which it begins."""
        validate.check_list(request)
        response = problem_pb2.ListProblemsResponse()
        slugs = [slug for slug in await self._problems.slugs() if slug > request.page_token]
        for slug in slugs:
            summary = await summary_of(self._problems, slug)
            if request.family in ("", summary.family):
                if len(response.problems) == (request.page_size or _DEFAULT_PAGE):
                    response.next_page_token = response.problems[-1].slug
                    break
                response.problems.append(summary)
        return response

    async def Get(self, request: problem_pb2.GetProblemRequest, context: Context) -> problem_pb2.GetProblemResponse:
        """One problem, as a candidate may see it."""
        validate.check_get(request)
        problem = await self._problems.get(request.slug)
        return problem_pb2.GetProblemResponse(problem=convert_problem.problem_to_proto(problem))

    async def Register(
        self, request_iterator: AsyncIterator[problem_pb2.RegisterProblemRequest], context: Context
    ) -> problem_pb2.RegisterProblemResponse:
        """A package, from its archive: all of it or nothing."""
        done = await self._places.run(self._registrations.run(request_iterator))
        return problem_pb2.RegisterProblemResponse(
            problem=done.summary,
            source_digest=done.source_digest,
            plan_digest=done.compilation.plan_digest,
            case_count=done.compilation.case_count,
            unchanged=done.unchanged,
        )

    async def Compile(
        self, request: problem_pb2.CompileProblemRequest, context: Context
    ) -> problem_pb2.CompileProblemResponse:
        """The plan's name and size."""
        validate.check_compile(request)
        await self._problems.get(request.slug)
        done = await self._places.run(self._compilations.run(request.slug))
        return problem_pb2.CompileProblemResponse(plan_digest=done.plan_digest, case_count=done.case_count)

    async def Verify(self, request: problem_pb2.VerifyProblemRequest, context: Context) -> None:
        """Rule by rule, until the call's deadline."""
        validate.check_verify(request, self._verifications.rules)
        try:
            async with asyncio.timeout(time_remaining_s(context)) as deadline:
                await self._verify(request, context)
        except TimeoutError:
            if deadline.expired():
                raise DeadlinePassed("the call's deadline passed") from None
            raise

    async def _verify(self, request: problem_pb2.VerifyProblemRequest, context: Context) -> None:
        level = LEVELS.get(request.level, "quick")
        findings: list[Finding] = []
        numbers = itertools.count(1)
        async with aclosing(self._verifications.run(request.slug, level, tuple(request.rules))) as events:
            async for told in events:
                if isinstance(told, Finding):
                    findings.append(told)
                await context.write(told_to_proto(next(numbers), told))
        summary = summary_to_proto(level, findings)
        await context.write(problem_pb2.VerifyProblemResponse(sequence_number=next(numbers), summary=summary))
