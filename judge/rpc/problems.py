"""The catalogue as coroutines use it.

A package's files are looked at once a second at most: what was loaded is given out that long without asking the
catalogue, so a change of a package is seen within a second. (A grader looks before each grading; what it grades with is
never older than what admission saw.) Each change gets a new *state*, a name that no other state of a package ever has,
also when the files become again what they were: reports of one state are never given out for another.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Protocol

from judge.errors import JudgeError
from judge.model.problem import Problem
from judge.ports import Clock
from judge.units import NANOSECONDS

_FRESH_NS = NANOSECONDS


class Catalogue(Protocol):
    """The problems. Its methods may read files; they are called from one thread at a time."""

    def slugs(self) -> list[str]:
        """The slugs of all problems, also of those whose package is wrong."""
        ...

    def get(self, slug: str) -> Problem:
        """The problem. Raises UnknownProblem or SpecError."""
        ...

    def is_given(self, slug: str) -> bool:
        """Whether the operator gives a problem of that slug, which clients cannot replace."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A problem as the catalogue had it."""

    problem: Problem
    state: str  # names this state of the package
    looked_ns: int  # when, on the monotonic clock


class Problems:
    """A catalogue that does not block the event loop."""

    def __init__(self, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._lock = asyncio.Lock()
        self._seen: dict[str, Seen] = {}  # by the name that was asked for
        self._states = 0

    async def slugs(self) -> list[str]:
        """The slugs of all problems, sorted."""
        async with self._lock:
            return sorted(await asyncio.to_thread(self._catalogue.slugs))

    async def get(self, slug: str) -> Problem:
        """The problem. Raises UnknownProblem or SpecError."""
        return (await self.look(slug)).problem

    async def look(self, slug: str) -> Seen:
        """The problem with its state. Raises UnknownProblem or SpecError."""
        return await self._look(slug, self._clock.monotonic_ns() - _FRESH_NS + 1)

    async def unchanged(self, slug: str, state: str) -> bool:
        """Whether the package is still in that state, by a look that begins after this call."""
        now_ns = self._clock.monotonic_ns()
        try:
            while (seen := await self._look(slug, now_ns)).looked_ns < now_ns:
                pass
        except JudgeError:
            return False
        return seen.state == state

    async def forget(self, slug: str) -> None:
        """Says that the package of that slug has changed: whoever asks from now on gets it as it is."""
        async with self._lock:  # what is looked at meanwhile is kept before it is forgotten
            for name in [name for name in self._seen if name.rpartition("/")[2] == slug]:
                del self._seen[name]

    async def _look(self, slug: str, since_ns: int) -> Seen:
        """What was seen since then, or is seen now; by chance what another call has just seen."""
        seen = self._seen.get(slug)
        if seen is not None and seen.looked_ns >= since_ns:
            return seen
        async with self._lock:
            now_ns = self._clock.monotonic_ns()
            if (other := self._seen.get(slug)) is not None and other is not seen:
                return other  # somebody looked while this call waited
            try:
                problem = await asyncio.to_thread(self._catalogue.get, slug)
            except BaseException:
                self._seen.pop(slug, None)
                raise
            return self._keep(slug, problem, now_ns)

    def _keep(self, slug: str, problem: Problem, now_ns: int) -> Seen:
        seen = self._seen.get(slug)
        if seen is not None and seen.problem is problem:
            seen = replace(seen, looked_ns=now_ns)
        else:
            self._states += 1
            seen = Seen(problem=problem, state=f"{slug}@{self._states}", looked_ns=now_ns)
        self._seen[slug] = seen
        return seen
