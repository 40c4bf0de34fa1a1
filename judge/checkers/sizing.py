"""What a statistical checker promises on one case: its error rate, and what it finds with how many calls.

A rejection of a correct program has probability at most ``alpha``: that is proved, not simulated. The power against a
declared wrong law is simulated: ``simulations`` series are played against draws from that law, and the true power lies
between ``low`` and ``high`` with a confidence of 99 % (Clopper and Pearson 1934).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from judge.checkers.contract import CaseFacts

CONFIDENCE = 0.99


@dataclass(frozen=True, kw_only=True, slots=True)
class Power:
    """How often one declared wrong law is rejected."""

    alternative: str  # its name in the package
    rejected: int  # of the simulations
    simulations: int
    median_calls: int | None  # to the rejection, among those rejected; None when none was

    @property
    def interval(self) -> tuple[float, float]:
        """The 99 % interval of the probability of rejection, by Clopper and Pearson."""
        from scipy import stats  # half a second: for authors only

        tail = (1 - CONFIDENCE) / 2
        low = stats.beta.ppf(tail, self.rejected, self.simulations - self.rejected + 1) if self.rejected else 0.0
        high = (
            stats.beta.ppf(1 - tail, self.rejected + 1, self.simulations - self.rejected)
            if self.rejected < self.simulations
            else 1.0
        )
        return float(low), float(high)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizing:
    """What a checker promises on one case."""

    alpha: float  # largest probability that a correct program is rejected, on this case
    calls: int  # that an accepted program is asked for
    smallest_defect: float  # that is rejected with probability at least 1/2 in so many calls, by ``defect``; or inf
    defect: str  # how a defect is measured: "Kullback-Leibler divergence per call, in nats"
    powers: tuple[Power, ...]  # against the declared alternatives that are wrong on this case, in the package's order


@runtime_checkable
class Sized(Protocol):
    """A checker that can say what it promises; every statistical one does."""

    def sizing(self, case: CaseFacts, secret: bytes, simulations: int) -> Sizing:
        """Returns it for ``case``; ``secret`` (32 bytes) decides the simulations' random numbers."""
        ...
