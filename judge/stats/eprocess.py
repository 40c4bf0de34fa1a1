"""An e-process: evidence against a law that may be looked at after every call, and acted on at any time.

A martingale here is a player's capital: it starts at 1, and before each answer the player bets on it at odds that
are fair under the law, by a rule that uses earlier answers only. Such a capital is a non-negative martingale under
the law, so by Ville's inequality (1939) the probability that it *ever* reaches 1/α is at most α: whatever the size
of the cells, however many looks, wherever one stops. The same holds for an average of martingales, dependent as
they may be; the e-process is the plain average of its members. Capitals are kept as natural logarithms.

Members process whole blocks of calls and return their capital after *each* call of the block, so that the result
does not depend on how calls are cut into blocks; larger blocks only cost less.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from judge.stats.arrays import Floats
from judge.stats.law import Block


class Martingale(Protocol):
    """The capital of one player; it has state."""

    @property
    def name(self) -> str:
        """What it bets on, in a word or two."""
        ...

    def advance(self, block: Block) -> Floats:
        """Returns the logarithm of the capital after each call of ``block``, an array of its length."""
        ...


class Family(Protocol):
    """The capitals of several players of one kind, computed together; it has state."""

    names: tuple[str, ...]

    def advance(self, block: Block) -> Floats:
        """Returns the logarithm of each capital after each call of ``block``: (names, calls)."""
        ...


class EProcess:
    """The average of martingales, and the first call after which it reached ``1 / alpha``."""

    def __init__(self, members: Sequence[Martingale], alpha: float, families: Sequence[Family] = ()) -> None:
        self._members = members
        self._families = families
        self._names = [*(member.name for member in members), *(name for family in families for name in family.names)]
        self.alpha = alpha
        self.log_limit = float(-np.log(alpha))
        self._paths = np.empty((len(self._names), 0))
        self._average = np.empty(0)
        self.rejected_at: int | None = None  # calls until the limit was reached

    def observe(self, block: Block) -> None:
        """Takes the next calls into account."""
        members = [member.advance(block) for member in self._members]
        paths = np.vstack([*members, *(family.advance(block) for family in self._families)])
        average = self._capital(paths, block)
        if self.rejected_at is None and (over := np.flatnonzero(average >= self.log_limit)).size:
            self.rejected_at = self.calls + int(over[0]) + 1
        self._paths = np.concatenate([self._paths, paths], axis=1)
        self._average = np.concatenate([self._average, average])

    def _capital(self, paths: Floats, block: Block) -> Floats:
        """Returns ln E after each call of ``block``; ``paths`` is (members, calls)."""
        return log_mean_exp(paths, axis=0)

    @property
    def calls(self) -> int:
        """The number of calls seen."""
        return len(self._average)

    @property
    def path(self) -> Floats:
        """ln E after each call."""
        return self._average

    def members_at(self, calls: int) -> dict[str, float]:
        """The logarithm of each member's capital after that many calls, by name."""
        return {
            name: float(path[calls - 1]) if calls else 0.0 for name, path in zip(self._names, self._paths, strict=True)
        }


def log_mean_exp(values: Floats, axis: int | tuple[int, ...]) -> Floats:
    """Returns the logarithm of the mean of exp(``values``) over ``axis``, without overflow."""
    peak = values.max(axis=axis, keepdims=True)
    total = np.exp(values - peak).sum(axis=axis)
    return np.asarray(np.log(total * (total.size / values.size)) + peak.reshape(total.shape))


@functools.lru_cache(maxsize=16)
def log_rising(offset: float, limit: int) -> Floats:
    """Returns ln(offset (offset+1) ... (offset+c-1)) for c = 0, ..., ``limit``: ln Γ(offset+c) - ln Γ(offset).

    The array is shared and read-only.
    """
    table = np.concatenate([[0.0], np.cumsum(np.log(offset + np.arange(limit)))])
    table.flags.writeable = False
    return table
