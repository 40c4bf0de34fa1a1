"""From a program for a problem to what a grading is asked for: the checks that need the problem, and its names."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from judge import ENGINE_REVISION
from judge.config import Settings
from judge.errors import JudgeError
from judge.model.digest import digest_of
from judge.model.problem import memory_needed
from judge.model.program import Program
from judge.ports import GradingRequest
from judge.rpc import validate
from judge.rpc.problems import Problems, Seen
from judge.scheduling.results import Lasting
from judge.spec.plans import plan_key

_COMPILED_IN = "python3"  # the language of generators and references
_PLAN_KEYS = 256  # that are remembered


class Toolchains(Protocol):
    """What gradings run with on this machine."""

    async def describe(self, language: str, runtime: str) -> str:
        """A toolchain as reports name it; empty when it is not known. Raises JudgeError when there is none."""
        ...

    def renew(self) -> None:
        """Says that it may be another from now on."""
        ...


class UnknownToolchains:
    """Knows none: nothing outlives the process."""

    async def describe(self, language: str, runtime: str) -> str:
        """Nothing."""
        return ""

    def renew(self) -> None:
        """Does nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """What a grading is asked for."""

    request: GradingRequest
    work: str  # its name in this process; empty: it is graded for itself
    lasting: Lasting | None  # its name for ever; None: it is not kept
    memory_bytes: int  # the most that it may use


class Acceptance:
    """Accepts programs for problems."""

    def __init__(self, problems: Problems, toolchains: Toolchains, settings: Settings) -> None:
        self._problems = problems
        self._toolchains = toolchains
        self._settings = settings
        self._plan_keys: dict[tuple[str, str], str] = {}  # by the state of a package and the toolchain

    async def accept(
        self, slug: str, program: Program, *, deadline_unix_ns: int | None, events: bool, alone: bool = False
    ) -> Accepted:
        """Returns what to ask for; ``alone``: with no names. Raises SubmissionError or SpecError."""
        seen = await self._problems.look(slug)
        validate.check_language(program.language, seen.problem.languages)
        request = GradingRequest(
            submission_id=secrets.token_hex(16),
            problem=slug,
            program=program,
            deadline_unix_ns=deadline_unix_ns,
            events=events,
        )
        return Accepted(
            request=request,
            work="" if alone else digest_of([seen.state, slug, program]),
            lasting=None if alone else await self._lasting(slug, seen, program),
            memory_bytes=memory_needed(seen.problem),
        )

    async def namer(self, slug: str, language: str) -> Callable[[Program], str] | None:
        """Returns what gives the lasting work of a program in that language; None without one. Raises JudgeError."""
        seen = await self._problems.look(slug)
        validate.check_language(language, seen.problem.languages)
        known = await self._known(slug, seen, language)
        return None if known is None else known.work

    async def _lasting(self, slug: str, seen: Seen, program: Program) -> Lasting | None:
        known = await self._known(slug, seen, program.language)
        if known is None:
            return None
        return Lasting(
            work=known.work(program),
            toolchain=known.toolchain,
            package=seen.state,
            unchanged=partial(self._problems.unchanged, slug, seen.state),
        )

    async def _known(self, slug: str, seen: Seen, language: str) -> _Known | None:
        """What names gradings of a problem in a language, all but the program."""
        runtime = seen.problem.runtime
        try:
            toolchain = await self._toolchains.describe(language, runtime)
            compiled_with = await self._toolchains.describe(_COMPILED_IN, runtime)
        except JudgeError:
            return None  # the grading will say what is wrong
        if not toolchain or not compiled_with:
            return None
        key = self._plan_keys.get((seen.state, compiled_with))
        if key is None:
            if len(self._plan_keys) >= _PLAN_KEYS:
                self._plan_keys.clear()
            key = self._plan_keys[seen.state, compiled_with] = plan_key(seen.problem, compiled_with)
        settings = (self._settings.salt, self._settings.close_percent)
        return _Known(slug=slug, plan_key=key, toolchain=toolchain, settings=settings)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """What names a grading besides its program."""

    slug: str
    plan_key: str
    toolchain: str
    settings: tuple[str, int]  # salt and close_percent

    def work(self, program: Program) -> str:
        """The lasting work of a program."""
        return digest_of([self.slug, self.plan_key, program.digest, self.toolchain, ENGINE_REVISION, *self.settings])
