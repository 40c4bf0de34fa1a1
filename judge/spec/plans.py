"""Compiled plans on disk: compiling runs the author's code, so a plan is compiled once for each state of its package.

An entry is named by everything that compiling depends on: the package's files, its directory, the engine's revision
and the toolchain. It holds the plan in MessagePack beside the plan's digest; one that cannot be read or does not have
that digest is ignored, with the reason in the log, and made again. Entries are written to a temporary file and
renamed, so two processes can share a directory.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any, Protocol

import msgspec
import structlog

from judge import ENGINE_REVISION, __version__
from judge.model.digest import digest_of
from judge.model.plan import TestPlan
from judge.model.problem import Problem
from judge.ports import Sandbox
from judge.spec.compiler import compile_plan
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
            self._directory.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(_encode(plan))
            temporary.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                temporary.unlink()
            _LOG.warning("plan_cache_entry_not_stored", path=str(path), reason=str(error))

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

    def __init__(self, catalogue: Problems, sandbox: Sandbox, cache: PlanCache | None = None) -> None:
        self._catalogue = catalogue
        self._sandbox = sandbox
        self._cache = cache
        self._plans: dict[str, tuple[str, TestPlan]] = {}

    def plan(self, slug: str) -> TestPlan:
        """The plan of a problem. Raises UnknownProblem or SpecError."""
        return self.plan_of(self._catalogue.get(slug))

    def plan_of(self, problem: Problem) -> TestPlan:
        """The plan of a problem that is already loaded. Raises SpecError."""
        name = f"{problem.family}/{problem.slug}"
        key = plan_key(problem, toolchain_of(problem, self._sandbox))
        known = self._plans.get(name)
        if known is None or known[0] != key:
            known = (key, self._stored(key, problem))
            self._plans[name] = known
        return known[1]

    def _stored(self, key: str, problem: Problem) -> TestPlan:
        plan = None if self._cache is None else self._cache.get(key)
        if plan is None:
            plan = compile_plan(problem, self._sandbox)
            if self._cache is not None:
                self._cache.put(key, plan)
        return plan


def _encode(plan: TestPlan) -> bytes:
    fields: dict[str, Any] = {name: getattr(plan, name) for name in plan.__dataclass_fields__}
    return msgspec.msgpack.encode({"digest": plan.digest, "plan": fields})
