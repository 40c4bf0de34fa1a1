"""What a series of draws is judged by: how an answer is read, what the tests see of it, and words for what is wrong.

A Subject belongs to one case. It holds the case's law; ``judge.checkers.evidence.series`` does the rest, the same for
every law: which calls are made, repeats, audits, when the evidence is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from judge.checkers.evidence.offences import Offence
from judge.model.verdict import Reason
from judge.stats.law import Block
from judge.stats.streams import Stream

Drawn = Any  # one answer that the law allows: a list or an array of numbers


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Why the evidence rejected."""

    reason: Reason
    cause: str  # the kind of defect, one word
    message: str  # for the candidate; what the evidence is worth is added to it


class Subject(Protocol):
    """How the answers to one case are read and explained."""

    def read(self, value: Any) -> Drawn | Offence:
        """Returns the answer ``value`` for the tests, or what no correct program does."""
        ...

    def repeat_offence(self, first: Drawn, again: Drawn, *, box: int) -> Offence | None:
        """Returns the offence of two different answers to the same input and seed."""
        ...

    def block(self, draws: Sequence[Drawn], pit: Stream) -> Block:
        """Returns the tests' view of consecutive answers; ``pit`` randomises it, one call after the other."""
        ...

    def table(self, blocks: Sequence[Block], most: int) -> list[dict[str, Any]]:
        """Returns up to ``most`` parts of the law, the one that the answers of ``blocks`` are furthest from first.

        Each is a mapping of plain JSON values, with what was ``observed`` and ``expected``. There is a block."""
        ...

    def explain(self, block: Block, members: Mapping[str, float], found: Mapping[str, Any], choice: Stream) -> Finding:
        """Returns what all answers show; ``members`` are logarithms of capitals at the rejection, ``found`` the facts
        of the series, ``choice`` a source of permutations."""
        ...
