"""What was measured of one family of a complexity gate, and what follows from it.

A *round* asks for the sizes in ascending order, in a box of its own, after an empty call: that of the test with the
smallest input, which costs a fork and little else. A size's cost is its smallest CPU time over the rounds, because
neighbours only ever make a program slower. A size counts when it and all larger ones cost at least ``FACTOR`` empty
calls; the slope is that of the ``WINDOW`` largest sizes that count. The fixed cost is not subtracted: it makes the
slope smaller, never larger, and where it is the largest part of a cost the size does not count.

Decisions, from the interval of the slope:

========= ==================================================================================================
below     it lies below the gate: accepted
too fast  after two rounds fewer than ``MIN_COUNTED`` sizes count: accepted
above     it lies above the gate after ``repeats`` rounds: rejected
over      two rounds, or the last one, ended at a size that needs more than the CPU limit of a call, and no round has
          seen it need less: rejected
doubt     it holds the gate: accepted after ``repeats`` rounds when the estimate is no larger than the gate, after twice
          as many when it is, and when the budget is used up
========= ==================================================================================================

Anything else asks for another round. A round ends early at a size where the interval already lies above the gate,
unless an earlier round ended at a larger one for want of time.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Any

from judge.model.plan import ComplexityGate
from judge.stats.slope import CONFIDENCE, Slope, fit_slope

FACTOR = 3
WINDOW = 6
MIN_COUNTED = 5
MIN_ROUNDS = 2  # before a program is taken to be too fast, or a size to be over the limit


class Finding(enum.StrEnum):
    """What follows from the measurements."""

    OPEN = "open"  # another round is needed
    BELOW = "below"
    TOO_FAST = "too_fast"
    ABOVE = "above"
    OVER = "over"
    DOUBT = "doubt"

    @property
    def accepted(self) -> bool:
        """Whether the program is let through."""
        return self in (Finding.BELOW, Finding.TOO_FAST, Finding.DOUBT)


class Growth:
    """The measurements of one family; filled round by round."""

    def __init__(self, gate: ComplexityGate) -> None:
        self._gate = gate
        self._costs: dict[int, int] = {}  # smallest CPU time by size, in nanoseconds
        self._over: dict[int, int] = {}  # rounds in which a size needed more than the limit, if in all of them
        self.empty_ns = 0  # the smallest empty call; 0 before the first
        self.rounds = 0
        self.spent_ns = 0

    @classmethod
    def pooled(cls, gate: ComplexityGate, growths: Iterable[Growth]) -> Growth:
        """The measurements of several growths of one program, together."""
        together = cls(gate)
        for growth in growths:
            together.rounds += growth.rounds
            together.spent_ns += growth.spent_ns
            together.empty_ns = min(together.empty_ns or growth.empty_ns, growth.empty_ns)
            for size, cost in growth._costs.items():
                together._costs[size] = min(together._costs.get(size, cost), cost)
        return together

    def begin_round(self, empty_ns: int) -> None:
        """Notes the empty call with which a round begins."""
        self.rounds += 1
        self.spent_ns += empty_ns
        self.empty_ns = min(self.empty_ns or empty_ns, empty_ns)

    def add(self, size: int, cpu_ns: int, *, over: bool) -> None:
        """Notes a call; one that is ``over`` was stopped at the limit, so that its CPU time is a lower bound."""
        self.spent_ns += cpu_ns
        if not over:
            self._over.pop(size, None)
        elif size in self._over or size not in self._costs:
            self._over[size] = self._over.get(size, 0) + 1
        self._costs[size] = min(self._costs.get(size, cpu_ns), cpu_ns)

    @property
    def climbed_enough(self) -> bool:
        """Whether the round need not go on to larger sizes."""
        slope = self.slope
        return not self._over and slope is not None and slope.low > self._gate.slope

    @property
    def counted(self) -> list[int]:
        """The sizes that decide, ascending."""
        found: list[int] = []
        for size in sorted(self._costs, reverse=True):
            if self._costs[size] < max(1, FACTOR * self.empty_ns) or len(found) == WINDOW:
                break
            found.append(size)
        return found[::-1]

    @property
    def slope(self) -> Slope | None:
        """The slope; None when too few sizes count."""
        sizes = self.counted
        return fit_slope(sizes, [self._costs[size] for size in sizes]) if len(sizes) >= MIN_COUNTED else None

    @property
    def over_size(self) -> int | None:
        """The size that needs more than the limit, as far as is known."""
        return max(self._over, default=None)

    @property
    def finding(self) -> Finding:
        """What follows from the measurements so far."""
        slope, gate = self.slope, self._gate
        if self._over:
            confirmed = sum(self._over.values()) >= MIN_ROUNDS or self.rounds >= 2 * gate.repeats
            return Finding.OVER if confirmed else Finding.OPEN
        if slope is None:
            return Finding.TOO_FAST if self.rounds >= MIN_ROUNDS else Finding.OPEN
        if slope.high < gate.slope:
            return Finding.BELOW
        if slope.low > gate.slope and self.rounds >= gate.repeats:
            return Finding.ABOVE
        return Finding.DOUBT if self._exhausted(slope) else Finding.OPEN

    def _exhausted(self, slope: Slope) -> bool:
        gate = self._gate
        rounds = gate.repeats if slope.estimate <= gate.slope else 2 * gate.repeats
        return self.rounds >= rounds or self.spent_ns >= gate.budget_ns

    def evidence(self) -> dict[str, Any]:
        """The measurements as plain values."""
        slope = self.slope
        fitted = None if slope is None else {"estimate": slope.estimate, "low": slope.low, "high": slope.high}
        return {
            "finding": self.finding.value,
            "gate": self._gate.slope,
            "slope": fitted,
            "confidence": CONFIDENCE,
            "counted_sizes": self.counted,
            "rounds": self.rounds,
            "empty_call_cpu_ns": self.empty_ns,
            "table": [{"size": size, "cpu_ns": cost} for size, cost in sorted(self._costs.items())],
            "over_limit": sorted(self._over),
        }
