"""The Subject of the checker ``sampler``: one index for each row of a law of independent rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from judge.checkers.evidence.offences import Offence, range_offence, repeat_offence, shape_offence, support_offence
from judge.checkers.evidence.subject import Drawn, Finding
from judge.checkers.evidence.words import defect
from judge.model.verdict import Reason
from judge.stats.attribution import Cause, attribute, worst_cells
from judge.stats.law import Block, RowLaw
from judge.stats.streams import Stream


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """Answers are lists of indices, one for each row."""

    law: RowLaw

    def read(self, value: list[int]) -> Drawn | Offence:
        """As of a Subject."""
        offence = shape_offence(value, self.law) or range_offence(value, self.law)
        return offence or support_offence(value, self.law) or value

    def repeat_offence(self, first: Drawn, again: Drawn, *, box: int) -> Offence | None:
        """As of a Subject."""
        return repeat_offence(first, again, box=box)

    def block(self, draws: Sequence[Drawn], pit: Stream) -> Block:
        """As of a Subject."""
        fresh = np.array(draws, dtype=np.int64)[:, self.law.free]
        return self.law.block(fresh, pit.uniforms(*fresh.shape))

    def table(self, blocks: Sequence[Block], most: int) -> list[dict[str, Any]]:
        """As of a Subject: cells of the law."""
        return [asdict(cell) for cell in worst_cells(self.law, Block.joined(blocks).answers, most)]

    def explain(self, block: Block, members: Mapping[str, float], found: Mapping[str, Any], choice: Stream) -> Finding:
        """As of a Subject."""
        cause = attribute(self.law, block, members, choice)
        return Finding(
            reason=Reason.WRONG_DISTRIBUTION if cause is Cause.DISTRIBUTION else Reason.DEPENDENT_DRAWS,
            cause=cause.value,
            message=defect(cause, self.law, block, found),
        )
