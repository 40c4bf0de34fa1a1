"""Compiled plans on disk: compiling runs the author's code, so a plan is compiled once for each state of its package.

An entry is named by everything that compiling depends on: the package's files, its directory, the engine's revision
and the toolchain. It holds the plan in MessagePack beside the plan's digest; one that cannot be read or does not have
that digest is ignored, with the reason in the log, and made again. Entries are written to a temporary file and
renamed, so two processes can share a directory. Plans hold expected outputs: nobody but their owner can read them.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import msgspec
import structlog

from judge import ENGINE_REVISION, __version__
from judge.errors import EnvironmentFault, SubmissionError
from judge.model.digest import digest_of
from judge.model.plan import TestPlan
from judge.model.problem import Problem
from judge.ports import Companions, Sandbox
from judge.spec.compiler import compile_plan
from judge.spec.private import make_private, write_private
from judge.spec.toolchains import toolchain_of

_LOG = structlog.get_logger(__name__)


class _Entry(msgspec.Struct, frozen=True):
    """What a file of the cache holds."""

    digest: str
    plan: TestPlan


class PlanCache:
    """Plans in a directory, by key."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def get(self, key: str) -> TestPlan | None:
        """The plan stored under ``key``; None when there is none, or none that is whole."""
        path = self._path(key)
        try:
            entry = msgspec.msgpack.decode(path.read_bytes(), type=_Entry)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError, ValueError, RecursionError) as error:
            _LOG.warning("plan_cache_entry_ignored", path=str(path), reason=str(error))
            return None
        if entry.plan.digest != entry.digest:
            _LOG.warning("plan_cache_entry_ignored", path=str(path), reason="the digest is not that of the plan")
            return None
        return entry.plan

    def put(self, key: str, plan: TestPlan) -> None:
        """Stores a plan, whole or not at all; a directory that cannot be written is logged, not an error."""
        path = self._path(key)
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        try:
            make_private(self._directory)
            write_private(temporary, _encode(plan))
            temporary.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                temporary.unlink()
            _LOG.warning("plan_cache_entry_not_stored", path=str(path), reason=str(error))

    @contextlib.contextmanager
    def claimed(self, key: str) -> Iterator[None]:
        """Holds the lock of one plan, where the directory can be written: one process compiles it, the others wait."""
        path = self._path(key).with_suffix(".lock")
        try:
            make_private(self._directory)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            yield
            return
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            path.unlink(missing_ok=True)
            os.close(descriptor)

    def _path(self, key: str) -> Path:
        return self._directory / f"{key}.plan"


def plan_key(problem: Problem, toolchain: str) -> str:
    """The name of a problem's plan in a cache: 64 hexadecimal digits."""
    names = [problem.source_digest, problem.family, problem.slug, ENGINE_REVISION, __version__, toolchain]
    return digest_of([*names, problem.checker.provider])


class Problems(Protocol):
    """Where problems come from."""

    def get(self, slug: str, /) -> Problem:
        """The problem. Raises UnknownProblem or SpecError."""
        ...


class PlanStore:
    """Gives the plans of a catalogue's problems, compiled at most once; a ``judge.ports.PlanSource``."""

    def __init__(
        self,
        catalogue: Problems,
        sandbox: Sandbox,
        cache: PlanCache | None = None,
        companions: Companions | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._sandbox = sandbox
        self._companions = companions
        self._cache = cache
        self._plans: dict[str, tuple[str, TestPlan]] = {}

    def plan(self, slug: str) -> TestPlan:
        """The plan of a problem. Raises UnknownProblem or SpecError."""
        return self.plan_of(self._catalogue.get(slug))

    def plan_of(self, problem: Problem) -> TestPlan:
        """The plan of a problem that is already loaded. Raises SpecError."""
        name = f"{problem.family}/{problem.slug}"
        key = plan_key(problem, self._toolchains(problem))
        known = self._plans.get(name)
        if known is None or known[0] != key:
            known = (key, self._stored(key, problem))
            self._plans[name] = known
        return known[1]

    def _toolchains(self, problem: Problem) -> str:
        """Describes the toolchains that compiling uses: Python's and, where submissions are timed, theirs."""
        found = [toolchain_of(problem, self._sandbox)]
        if problem.time_rule is not None:
            languages = {example.program.language for example in problem.examples} - {"python3"}
            found += [self._described(language) for language in sorted(languages)]
        return "; ".join(found)

    def _described(self, language: str) -> str:
        try:
            return self._sandbox.describe_toolchain(language)
        except (EnvironmentFault, SubmissionError):
            return f"no {language}"

    def _stored(self, key: str, problem: Problem) -> TestPlan:
        """Returns the cached plan; one that is made anew is made once, so that what is measured is the same for all."""
        if self._cache is None:
            return compile_plan(problem, self._sandbox, companions=self._companions)
        with self._cache.claimed(key):
            plan = self._cache.get(key)
            if plan is None:
                plan = compile_plan(problem, self._sandbox, companions=self._companions)
                self._cache.put(key, plan)
        return plan


def _encode(plan: TestPlan) -> bytes:
    fields: dict[str, Any] = {name: getattr(plan, name) for name in plan.__dataclass_fields__}
    return msgspec.msgpack.encode({"digest": plan.digest, "plan": fields})
