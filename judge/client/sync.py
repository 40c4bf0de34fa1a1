"""The client for everything that is not asynchronous: ``JudgeClient`` on an event loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator
from pathlib import Path
from typing import Self

from judge.client.aio import JudgeClient
from judge.client.problems import (
    CompiledProblem,
    ProblemSummary,
    PublicProblem,
    RegisteredProblem,
    VerificationSummary,
)
from judge.model.event import Event
from judge.model.finding import Finding, Step
from judge.model.program import Program
from judge.model.report import Report
from judge.scheduling.admission import Priority


class SyncJudgeClient:
    """As ``JudgeClient``, blocking; ``with`` opens and closes the connection. Not for threads with an event loop."""

    def __init__(self, address: str, *, attempts: int = 5) -> None:
        self._client = JudgeClient(address, attempts=attempts)
        self._runner = asyncio.Runner()
        self._closed = False

    def __enter__(self) -> Self:
        """Opens the channel."""
        self._runner.run(self._client.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the channel and the loop."""
        try:
            self._runner.run(self._client.__aexit__())
        finally:
            self._closed = True
            self._runner.close()

    def _end(self, events: AsyncGenerator[object]) -> None:
        """Ends a stream that may have been left in its middle; the end of the loop has ended it already."""
        if not self._closed:
            self._runner.run(events.aclose())

    def grade(
        self,
        problem: str,
        program: Program,
        *,
        request_id: str | None = None,
        priority: Priority = Priority.INTERACTIVE,
        candidate_view: bool = False,
        no_cache: bool = False,
        timeout_s: float | None = None,
    ) -> Report:
        """Grades; returns the report."""
        return self._runner.run(
            self._client.grade(
                problem,
                program,
                request_id=request_id,
                priority=priority,
                candidate_view=candidate_view,
                no_cache=no_cache,
                timeout_s=timeout_s,
            )
        )

    def grade_stream(
        self,
        problem: str,
        program: Program,
        *,
        request_id: str | None = None,
        priority: Priority = Priority.INTERACTIVE,
        candidate_view: bool = False,
        no_cache: bool = False,
        timeout_s: float | None = None,
    ) -> Iterator[Event]:
        """Grades; yields the events, the last of which holds the report."""
        events = self._client.grade_stream(
            problem,
            program,
            request_id=request_id,
            priority=priority,
            candidate_view=candidate_view,
            no_cache=no_cache,
            timeout_s=timeout_s,
        )
        try:
            while (event := self._runner.run(_next(events))) is not None:
                yield event
        finally:
            self._end(events)

    def verify_problem(
        self, slug: str, *, level: str = "quick", rules: Iterable[str] = (), timeout_s: float | None = None
    ) -> Iterator[Finding | Step | VerificationSummary]:
        """Verifies a problem; yields what is going on and what is found, and last the summary."""
        events = self._client.verify_problem(slug, level=level, rules=rules, timeout_s=timeout_s)
        try:
            while (told := self._runner.run(_next(events))) is not None:
                yield told
        finally:
            self._end(events)

    def list_problems(self, family: str = "", *, timeout_s: float | None = None) -> list[ProblemSummary]:
        """Returns all problems, or those of one family, by slug."""
        return self._runner.run(self._client.list_problems(family, timeout_s=timeout_s))

    def get_problem(self, slug: str, *, timeout_s: float | None = None) -> PublicProblem:
        """Returns one problem. Raises NotFound."""
        return self._runner.run(self._client.get_problem(slug, timeout_s=timeout_s))

    def register_problem(
        self,
        path: Path | str,
        *,
        slug: str | None = None,
        family: str | None = None,
        request_id: str | None = None,
        timeout_s: float | None = None,
    ) -> RegisteredProblem:
        """Registers the package in a directory, as ``JudgeClient.problems.register``."""
        return self._runner.run(
            self._client.problems.register(path, slug=slug, family=family, request_id=request_id, timeout_s=timeout_s)
        )

    def compile_problem(self, slug: str, *, timeout_s: float | None = None) -> CompiledProblem:
        """Compiles a problem, as ``JudgeClient.problems.compile``. Raises NotFound."""
        return self._runner.run(self._client.problems.compile(slug, timeout_s=timeout_s))


async def _next[T](events: AsyncGenerator[T]) -> T | None:
    return await anext(events, None)
