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

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

from judge.checkers.contract import CaseFacts, Series
from judge.checkers.evidence.plan import plan_calls
from judge.checkers.evidence.power import DEFECT, simulated_power, smallest_defect
from judge.checkers.evidence.series import SamplerSeries, Streams
from judge.checkers.sizing import Power, Sizing
from judge.model.signature import Signature, TypeExpr, parse_type
from judge.stats.arrays import Floats
from judge.stats.declared import declared_laws
from judge.stats.eprocess import EProcess
from judge.stats.law import RowLaw
from judge.stats.streams import Stream
from judge.stats.suite import rows_suite

LAW = parse_type("array[float64, (n, m)]")
ANSWER = parse_type("list[int]")
SMALLEST_ALPHA, LARGEST_ALPHA = 1e-300, 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Sampler:
    """Accepts a sampler unless it breaks the exact contract or the evidence against the case's law reaches 1/alpha."""

    name: ClassVar[str] = "sampler"

    seed: str = "seed"  # the parameter that takes the seed, an int
    alpha: float = 1e-6  # largest probability that a correct sampler is rejected by this checker
    calls: int = 200  # that an accepted submission is asked for on one case, repeats included
    repeats: int = 0  # of these, calls with an earlier seed, half of them in a second process; 0: 5 %, at least 4
    consecutive: int = 1  # seeds come in runs of so many successive integers; above 1, these are tested for dependence

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        _check_name(self.seed)
        _check_alpha(self.alpha)
        _check_integer("calls", self.calls, 8, 100_000)
        _check_integer("repeats", self.repeats, 0, self.calls // 2)
        if self.repeats == 1:
            raise ValueError("repeats: expected 0 (5 % of the calls, at least 4) or at least 2, found 1")
        _check_integer("consecutive", self.consecutive, 1, 1000)

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The law's type; raises ValueError unless the function takes the seed as an int and returns list[int]."""
        if signature.returns != ANSWER:
            raise ValueError(f"expected a return type of {ANSWER}, one index for each row, found {signature.returns}")
        types = {parameter.name: str(parameter.type) for parameter in signature.parameters}
        if self.seed not in types:
            raise ValueError(f"expected a parameter {self.seed!r} of type int, found {', '.join(types) or 'none'}")
        if types[self.seed] != "int":
            raise ValueError(f"expected the parameter {self.seed!r} to have type int, found {types[self.seed]}")
        return LAW

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError unless the expected value is a law (rows of probabilities, not all of them certain) and the
        alternatives are laws of its shape, which may be certain."""
        declared_laws(RowLaw.of(case.expected), case.alternatives)

    def absent_parameters(self) -> frozenset[str]:
        """The seed."""
        return frozenset({self.seed})

    def open(self, case: CaseFacts, secret: bytes) -> Series:
        """Begins a series: ``calls`` calls for a correct sampler, at most four more for one that is rejected."""
        law = RowLaw.of(case.expected)
        plan = plan_calls(secret, case.name, calls=self.calls, repeats=self._repeats, run=self.consecutive)
        return SamplerSeries(
            parameter=self.seed,
            law=law,
            plan=plan,
            evidence=self._evidence(law, declared_laws(law, case.alternatives)),
            streams=Streams(
                audit=Stream(secret, f"{case.name}|audit"),
                pit=Stream(secret, f"{case.name}|pit"),
                choice=Stream(secret, f"{case.name}|choice"),
            ),
        )

    def sizing(self, case: CaseFacts, secret: bytes, simulations: int) -> Sizing:
        """What the checker promises on ``case``; as of Sized."""
        law = RowLaw.of(case.expected)
        declared = declared_laws(law, case.alternatives)
        draws = self.calls - self._repeats

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

    @property
    def _repeats(self) -> int:
        return self.repeats or max(4, math.ceil(self.calls / 20))

    def _evidence(self, law: RowLaw, declared: Mapping[str, Floats]) -> EProcess:
        draws = self.calls - self._repeats
        return rows_suite(law, alpha=self.alpha, calls=draws, run=self.consecutive, declared=declared)

    def for_cases(self, count: int) -> Sampler:
        """Returns the checker with alpha / ``count``: over ``count`` cases together, alpha bounds false rejections."""
        _check_integer("count", count, 1, 1_000_000)
        return replace(self, alpha=self.alpha / count)


def _check_name(seed: Any) -> None:
    if not isinstance(seed, str) or not seed.isidentifier():
        raise ValueError(f"seed: expected the name of a parameter, found {seed!r}")


def _check_alpha(alpha: Any) -> None:
    if type(alpha) not in (int, float) or not SMALLEST_ALPHA <= alpha <= LARGEST_ALPHA:
        raise ValueError(f"alpha: expected a number from {SMALLEST_ALPHA} to {LARGEST_ALPHA}, found {alpha!r}")


def _check_integer(name: str, value: Any, low: int, high: int) -> None:
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"{name}: expected an integer from {low} to {high}, found {value!r}")
