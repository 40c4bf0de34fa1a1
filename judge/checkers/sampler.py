"""The checker ``sampler``: one call draws a random index for each row of a stated law, reproducibly from a seed.

A case's expected value is the law, an (n, m) matrix of probabilities whose row i is the distribution of the i-th
answer; a zero is an impossible answer. The function is called many times with fresh seeds, and judged in two layers.

- What no correct sampler ever does, whatever it draws: another number of answers, an index out of range or of
  probability 0, another answer to the same input and seed (again, later, in another process with another hash seed,
  after the global generators were reseeded), changed arguments, a changed global generator. One such call rejects.
- An e-process (``judge.stats``) against independent draws from the law for every row and seed. It rejects when E
  reaches 1/α; for a correct sampler that has probability at most α, exactly, at whatever call it stops.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from judge.checkers.contract import CaseFacts
from judge.checkers.evidence.draws import Draws, Opener
from judge.checkers.evidence.limits import check_takes
from judge.checkers.evidence.power import DEFECT, simulated_power, smallest_defect
from judge.checkers.evidence.rows import Rows
from judge.checkers.evidence.series import SamplerSeries
from judge.checkers.sizing import Power, Sizing
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr, parse_type
from judge.stats.arrays import Floats
from judge.stats.declared import declared_laws
from judge.stats.eprocess import EProcess
from judge.stats.law import RowLaw
from judge.stats.suite import rows_suite

LAW = parse_type("array[float64, (n, m)]")
ANSWER = parse_type("list[int]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sampler(Draws):
    """Accepts a sampler unless it breaks the exact contract or the evidence against the case's law reaches 1/alpha."""

    name: ClassVar[str] = "sampler"

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The law's type; raises ValueError unless the function takes the seed as an int and returns list[int]."""
        if signature.returns != ANSWER:
            raise ValueError(f"expected a return type of {ANSWER}, one index for each row, found {signature.returns}")
        check_takes(signature, self.seed, "int")
        return LAW

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError unless the expected value is a law (rows of probabilities, not all of them certain) and the
        alternatives are laws of its shape, which may be certain."""
        declared_laws(RowLaw.of(case.expected), case.alternatives)

    def opener(self, case: CaseFacts) -> Opener:
        """As of Draws."""
        law = RowLaw.of(case.expected)
        declared = declared_laws(law, case.alternatives)

        def opened(secret: bytes) -> SamplerSeries:
            return self.series(case.name, secret, Rows(law=law), self._evidence(law, declared))

        return opened

    def sizing(self, case: CaseFacts, secret: bytes, simulations: int) -> Sizing:
        """What the checker promises on ``case``; as of Sized."""
        law = RowLaw.of(case.expected)
        declared = declared_laws(law, case.alternatives)
        draws = self.draws_per_series()

        def power(name: str) -> Power:
            other, fresh = case.alternatives[name], partial(self._evidence, law, declared)
            return simulated_power(name, other, law, fresh, draws=draws, secret=secret, simulations=simulations)

        return Sizing(
            alpha=self.alpha,
            calls=self.calls,
            smallest_defect=smallest_defect(self._evidence(law, declared), draws, declared=bool(declared)),
            defect=DEFECT,
            powers=tuple(power(name) for name, other in case.alternatives.items() if law.differs(other)),
        )

    def _evidence(self, law: RowLaw, declared: Mapping[str, Floats]) -> EProcess:
        draws = self.draws_per_series()
        return rows_suite(law, alpha=self.alpha, calls=draws, run=self.consecutive, declared=declared)
