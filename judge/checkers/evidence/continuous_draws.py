"""The Subject of the checker ``continuous``: numbers drawn independently from a continuous law."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judge.checkers.evidence.answers import repeat_offence
from judge.checkers.evidence.causes import cause_of, finding
from judge.checkers.evidence.continuous_law import ContinuousLaw
from judge.checkers.evidence.departures import location_scale, smooth, tails
from judge.checkers.evidence.offences import Offence
from judge.checkers.evidence.played import Draw
from judge.checkers.evidence.subject import Drawn, Finding
from judge.model.verdict import Reason
from judge.stats.attribution import Cause, rows_are_dependent
from judge.stats.closing import ClosingEProcess, farthest
from judge.stats.declared import PREFIX
from judge.stats.dependence import Repeats
from judge.stats.eprocess import Martingale
from judge.stats.law import Block
from judge.stats.pits import (
    CELL_BITS,
    CellBets,
    CellTable,
    ColumnHistograms,
    HalfBet,
    PitShape,
    PooledHistogram,
    cells_of,
    dependence_members,
)
from judge.stats.streams import Stream

PARTS = 16  # of the table in the evidence, equally probable
CELLS = 4096  # of the fixed bets


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbers:
    """Answers are ``count`` floats, or one float."""

    law: ContinuousLaw
    count: int  # of draws in one call

    def read(self, value: Any) -> Drawn | Offence:
        """As of a Subject."""
        drawn = np.atleast_1d(np.asarray(value, dtype=np.float64))
        if drawn.shape != (self.count,):
            return Offence(reason=Reason.WRONG_SHAPE, message=f"expected {self.count} draws, found {len(drawn)}")
        if not np.isfinite(drawn).all():
            at = int(np.argmin(np.isfinite(drawn)))
            message = f"answer[{at}]: expected a finite number, found {drawn[at]}"
            return Offence(reason=Reason.NOT_FINITE, message=message)
        possible = self.law.possible(drawn)
        if not possible.all():
            at = int(np.argmin(possible))
            message = f"answer[{at}]: expected a number that the law allows ({self._support()}), found {drawn[at]}"
            return Offence(reason=Reason.WRONG_SUPPORT, message=message)
        return drawn

    def repeat_offence(self, first: Drawn, again: Drawn, *, box: int) -> Offence | None:
        """As of a Subject."""
        return repeat_offence(first, again, what="draw", box=box)

    def block(self, draws: Sequence[Drawn], pit: Stream) -> Block:
        """As of a Subject. PITs by size and by distance from the median; nothing has to be randomised."""
        pits = self.law.pits(np.concatenate(draws)).reshape(len(draws), self.count)
        cells = cells_of(pits, 2**CELL_BITS)
        return Block(
            answers=cells,
            log_p=np.full(pits.shape, -CELL_BITS * math.log(2.0)),
            index_pit=pits,
            rank_pit=np.abs(2.0 * pits - 1.0),
        )

    def table(self, blocks: Sequence[Block], most: int) -> list[dict[str, Any]]:
        """As of a Subject: where the distribution functions are furthest apart, then equally probable parts."""
        pits = np.concatenate([block.index_pit.ravel() for block in blocks])
        distance, at = farthest(pits)
        worst = {
            "at": float(self.law.inverse(np.array([at]))[0]),
            "observed": int((pits <= at).sum()),
            "expected": at * len(pits),
            "distance": distance,
        }
        counts = np.bincount(cells_of(pits, PARTS), minlength=PARTS)
        ends = self.law.inverse(np.arange(1, PARTS) / PARTS).tolist()
        bounds = list(itertools.pairwise([None, *ends, None]))
        parts = [
            {"from": low, "to": high, "observed": int(count), "expected": len(pits) / PARTS}
            for (low, high), count in zip(bounds, counts, strict=True)
        ]
        return [worst, *parts][:most]

    def explain(self, block: Block, members: Mapping[str, float], found: Mapping[str, Any], choice: Stream) -> Finding:
        """As of a Subject."""
        worst = found["worst"]
        draws = block.index_pit.size
        wrong_law = (
            f"{100 * worst['observed'] / draws:.3g} % of {draws} draws are at most {worst['at']:.6g}; "
            f"{100 * worst['expected'] / draws:.3g} % were expected"
        )
        cause = cause_of(block, block.answers, members, lambda: self.evidence({}, alpha=0.5, calls=len(block), run=1))
        if cause is Cause.DISTRIBUTION and rows_are_dependent(block, choice):
            cause = Cause.ROWS
        return finding(cause, block.answers, found["members"], wrong_law=wrong_law)

    def drawing(self, law: ContinuousLaw) -> Draw:
        """Returns draws of answers from ``law`` by the inverse of its distribution function."""
        return lambda rng: law.inverse(rng.random(self.count))

    def _support(self) -> str:
        gaps = ", ".join(f"not between {low:.6g} and {high:.6g}" for low, high in self.law.gaps[:4])
        return f"from {self.law.low:.6g} to {self.law.high:.6g}" + (f", {gaps}" if gaps else "")

    def evidence(
        self, alternatives: Mapping[str, ContinuousLaw], *, alpha: float, calls: int, run: int
    ) -> ClosingEProcess:
        """Returns a fresh e-process for ``calls`` draws, with a bet on each of ``alternatives``."""
        shape = PitShape(columns=self.count)
        members: list[Martingale] = [
            CellBets("location_scale", location_scale(CELLS)),
            CellBets("tails", tails(CELLS)),
            CellBets("smooth", smooth(CELLS)),
            PooledHistogram("histogram_8", shape, calls, bins=8),
            PooledHistogram("histogram_64", shape, calls, bins=64),
            PooledHistogram("distance_histogram", shape, calls, bins=16, by_rank=True),
            Repeats(),
            *dependence_members(shape, calls, run=run),
        ]
        if self.count > 1:
            members.append(ColumnHistograms("columns", shape, calls))
        for name, law in alternatives.items():
            members.append(HalfBet(f"{PREFIX}{name}", CellTable(self.law.masses(law, CELLS))))
        return ClosingEProcess(members, alpha, calls=calls, columns=self.count)
