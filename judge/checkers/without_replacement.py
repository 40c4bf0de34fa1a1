"""The checker ``without_replacement``: one call draws k of n indices, no index twice, reproducibly from a seed.

A case's expected value is the list of weights. Each next index is drawn among those left with probability in proportion
to its weight; equal weights make a uniform subset, and with ``ordered: false`` the answer counts as a set (reservoir
sampling). The exact layer is that of ``sampler``; an index out of range, of weight 0 or twice rejects at once.

Under the law the index at each position has a known distribution given the positions before it and all other calls;
every bet multiplies other probabilities for it by the inverse of these (``judge.stats.orders``): a martingale. A set
gets a secret random order of drawing from the law of the order given the set, which keeps the law exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from judge.checkers.contract import CaseFacts
from judge.checkers.evidence.draws import Draws, Opener, check_count, count_of, wrong_laws
from judge.checkers.evidence.limits import check_takes
from judge.checkers.evidence.played import playing
from judge.checkers.evidence.series import SamplerSeries
from judge.checkers.evidence.simulation import power, smallest_defect
from judge.checkers.evidence.subsets import Subsets
from judge.checkers.sizing import Sizing
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr, parse_type
from judge.stats.orders import OrderLaw
from judge.stats.streams import Stream

WEIGHTS = parse_type("list[float]")
ANSWER = parse_type("list[int]")
MOST_ITEMS = 1024
MOST_DRAWS = 256
MOST_UNORDERED = 10  # draws of unequal weights whose order is not given: the law of a set takes 2^k steps
SMALLEST_SHARE = 1e-12  # of the largest weight


@dataclass(frozen=True, kw_only=True, slots=True)
class WithoutReplacement(Draws):
    """Accepts unless the exact contract is broken, or the evidence against the case's weights reaches 1/alpha."""

    name: ClassVar[str] = "without_replacement"

    draws: int | str  # indices in one answer, or the int parameter that says how many
    ordered: bool = True  # whether the order of an answer is that of drawing

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        Draws.__post_init__(self)
        check_count("draws", self.draws, 1, MOST_DRAWS)
        if type(self.ordered) is not bool:
            raise ValueError(f"ordered: expected true or false, found {self.ordered!r}")

    def expected_type(self, signature: Signature) -> TypeExpr:
        """list[float]; raises ValueError unless the function takes the seed as an int and returns list[int]."""
        if signature.returns != ANSWER:
            raise ValueError(f"expected a return type of {ANSWER}, the indices drawn, found {signature.returns}")
        check_takes(signature, self.seed, "int")
        if isinstance(self.draws, str):
            check_takes(signature, self.draws, "int")
        return WEIGHTS

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError unless the expected value and the alternatives are weights to draw from."""
        law = self.subject(case).law
        if law.count == int((law.weights > 0).sum()) and (not self.ordered or law.count == 1):
            raise ValueError("expected more than one possible answer, found one")
        if not (self.ordered or law.equal) and law.count > MOST_UNORDERED:
            raise ValueError(
                f"expected at most {MOST_UNORDERED} draws of unequal weights with ordered: false, found {law.count}"
            )
        self.alternatives(case)

    def opener(self, case: CaseFacts) -> Opener:
        """As of Draws."""
        subject, alternatives, calls = self.subject(case), self.alternatives(case), self.draws_per_series()

        def opened(secret: bytes) -> SamplerSeries:
            evidence = subject.evidence(alternatives, alpha=self.alpha, calls=calls, run=self.consecutive)
            return self.series(case.name, secret, subject, evidence)

        return opened

    def sizing(self, case: CaseFacts, secret: bytes, simulations: int) -> Sizing:
        """As of Sized. Simulated with ``simulations`` series for each alternative and each size of a defect."""
        subject, opener = self.subject(case), self.opener(case)
        heaviest = int(np.argmax(subject.law.weights))

        def rejected(share: float, stream: Stream) -> int | None:
            weights = subject.law.weights.copy()
            weights[heaviest] *= 1.0 - share
            return playing(opener, subject.drawing(weights))(stream)

        return Sizing(
            alpha=self.alpha,
            calls=self.calls,
            smallest_defect=smallest_defect(rejected, secret, 1.0),
            defect="share by which the weight of one index, the heaviest, is too small",
            powers=tuple(
                power(name, playing(opener, subject.drawing(law.weights)), secret, simulations)
                for name, law in self.alternatives(case).items()
            ),
        )

    def subject(self, case: CaseFacts) -> Subsets:
        """Returns how answers to ``case`` are read and tested. Raises ValueError when its key is no law."""
        return Subsets(law=self._law(case, case.expected), ordered=self.ordered)

    def alternatives(self, case: CaseFacts) -> dict[str, OrderLaw]:
        """Returns the declared wrong laws of ``case``, by name. Raises ValueError for one that is no law."""
        law = self.subject(case).law

        def read(weights: Sequence[float]) -> OrderLaw:
            if len(weights) != len(case.expected):
                raise ValueError(f"expected {len(case.expected)} weights, found {len(weights)}")
            return self._law(case, weights)

        return wrong_laws(case, read, law.differs)

    def _law(self, case: CaseFacts, weights: Sequence[float]) -> OrderLaw:
        count = count_of("draws", self.draws, case.arguments, 1, MOST_DRAWS)
        found = np.asarray(weights, dtype=np.float64)
        _check_weights(found, count)
        return OrderLaw(weights=found / found.max(), count=count)


def _check_weights(weights: np.ndarray[tuple[int, ...], np.dtype[np.float64]], count: int) -> None:
    if not 1 <= len(weights) <= MOST_ITEMS:
        raise ValueError(f"expected 1 to {MOST_ITEMS} weights, found {len(weights)}")
    right = np.isfinite(weights) & (weights >= 0)
    if not right.all():
        at = int(np.argmin(right))
        raise ValueError(f"weights[{at}]: expected a finite number that is not negative, found {weights[at]}")
    if int((weights > 0).sum()) < count:
        raise ValueError(f"expected at least {count} positive weights, found {int((weights > 0).sum())}")
    positive = np.where(weights > 0, weights, np.inf)
    if positive.min() < SMALLEST_SHARE * weights.max():
        at = int(np.argmin(positive))
        expected = f"expected 0 or at least {SMALLEST_SHARE} of the largest, {weights.max()}"
        raise ValueError(f"weights[{at}]: {expected}, found {weights[at]}")
