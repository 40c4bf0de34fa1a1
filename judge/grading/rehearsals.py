"""What the author's own solution did with a test program: how many assertions held, and what was asked and answered.

A case's expected value holds it, encoded. Batches grade one problem many times, so what was decoded is kept for the
cases of the last problems, where it is small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from judge.harness import wire
from judge.model.plan import TestCase

Recorded = tuple[bytes, bytes, Sequence[str], bytes]  # a question, its arguments, the names of the last, the answer
_KEPT, _SMALL_BYTES = 512, 1 << 14


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """One rehearsal."""

    assertions: int  # that held; 0 when the task has no solution
    record: tuple[Recorded, ...]  # empty when there is none, or when the tests are no function of the answers

    @cached_property
    def arguments(self) -> list[bytes]:
        """The arguments alone."""
        return [arguments for _, arguments, _, _ in self.record]

    @cached_property
    def keywords(self) -> list[Sequence[str]]:
        """The names of the last of the arguments alone."""
        return [names for _, _, names, _ in self.record]

    @cached_property
    def answers(self) -> list[bytes]:
        """The answers alone."""
        return [answer for _, _, _, answer in self.record]


def rehearsal_of(case: TestCase) -> Rehearsal:
    """Returns a case's."""
    return _small(case.expected) if len(case.expected) <= _SMALL_BYTES else _decoded(case.expected)


def _decoded(expected: bytes) -> Rehearsal:
    told: Any = wire.decode(expected)
    return Rehearsal(assertions=told[0], record=tuple(map(tuple, told[1] or ())))


_small = lru_cache(_KEPT)(_decoded)
