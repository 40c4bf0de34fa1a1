"""The checker ``permutation_sampler``: one call gives the items of a list in a uniformly random order, from a seed.

A case's expected value is the list of items, in the order that the function gets them: that of the argument ``items``.
The exact layer is that of ``sampler``; an answer that is not made of exactly the items rejects at once.

Under the law the item at each position is uniform among those left, given the positions before it and all other calls;
every bet multiplies probabilities for it, or for a statistic of the whole order with a known generating function, by
the inverse of the law's (``judge.stats.orders``, ``judge.stats.shuffles``): a martingale. Equal items are told apart by
secret random labels, which keeps the law exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from judge.checkers.contract import CaseFacts
from judge.checkers.evidence.draws import Draws, Opener
from judge.checkers.evidence.limits import check_name, check_takes
from judge.checkers.evidence.played import playing
from judge.checkers.evidence.series import SamplerSeries
from judge.checkers.evidence.shuffles import Permutations, Shuffle
from judge.checkers.evidence.simulation import power, smallest_defect
from judge.checkers.evidence.wrong_shuffles import WRONG_SHUFFLES
from judge.checkers.sizing import Sizing
from judge.model.conform import brief
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.stats.streams import Stream

MOST_ITEMS = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class PermutationSampler(Draws):
    """Accepts unless the exact contract is broken, or the evidence against a uniform order reaches 1/alpha."""

    name: ClassVar[str] = "permutation_sampler"

    items: str | None = None  # the argument that holds them; None: the only list like the key; "": no argument does

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        Draws.__post_init__(self)
        if self.items:
            check_name("items", self.items)

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The return type; raises ValueError unless it is a list of plain values, and that of the items, and the
        function takes the seed."""
        returns = signature.returns
        if returns.name != "list" or not _plain(returns.arguments[0]):
            expected = "a return type of list[T] with T of bool, int, float, str, bytes, or tuples or lists of these"
            raise ValueError(f"expected {expected}, found {returns}")
        check_takes(signature, self.seed, "int")
        if self.items:
            check_takes(signature, self.items, str(returns))
        return returns

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError unless the expected value is a list of 2 to MOST_ITEMS items that are not all equal, and
        is the argument that holds them."""
        if not 2 <= len(case.expected) <= MOST_ITEMS:
            raise ValueError(f"expected 2 to {MOST_ITEMS} items, found {len(case.expected)}")
        if not Permutations.of(case.expected).groups.any():
            raise ValueError("expected items that are not all equal, found one item only")
        if case.alternatives:
            named = ", ".join(case.alternatives)
            raise ValueError(f"expected no declared alternatives to the uniform law of orders, found {named}")
        self._check_items(case)

    def subject(self, case: CaseFacts) -> Permutations:
        """Returns how answers to ``case`` are read and tested."""
        return Permutations.of(case.expected)

    def opener(self, case: CaseFacts) -> Opener:
        """As of Draws."""
        subject, calls = self.subject(case), self.draws_per_series()

        def opened(secret: bytes) -> SamplerSeries:
            evidence = subject.evidence({}, alpha=self.alpha, calls=calls, run=self.consecutive)
            return self.series(case.name, secret, subject, evidence)

        return opened

    def sizing(self, case: CaseFacts, secret: bytes, simulations: int) -> Sizing:
        """As of Sized; the powers are those against common mistakes. Simulated with ``simulations`` series each."""
        subject, opener = self.subject(case), self.opener(case)

        def rejected(share: float, stream: Stream) -> int | None:
            return playing(opener, subject.drawing(_partly(share)))(stream)

        return Sizing(
            alpha=self.alpha,
            calls=self.calls,
            smallest_defect=smallest_defect(rejected, secret, 1.0),
            defect="share of calls that leave every item where it was",
            powers=tuple(
                power(name, playing(opener, subject.drawing(shuffle)), secret, simulations)
                for name, shuffle in WRONG_SHUFFLES.items()
            ),
        )

    def _check_items(self, case: CaseFacts) -> None:
        held = self._held(case)
        if held is None or list(map(repr, case.arguments[held])) == list(map(repr, case.expected)):
            return
        expected, found = brief(case.arguments[held]), brief(case.expected)
        other = "" if self.items else " (with items: '' no argument holds them)"
        raise ValueError(
            f"expected the items of the argument {held!r} in their order, {expected}, found {found}{other}"
        )

    def _held(self, case: CaseFacts) -> str | None:
        """The argument that holds the items; None when none is named and there is not just one that could."""
        if self.items is not None:
            return self.items or None
        kind = type(case.expected[0])
        lists = [name for name, value in case.arguments.items() if isinstance(value, list)]
        alike = [name for name in lists if all(type(item) is kind for item in case.arguments[name])]
        return alike[0] if len(alike) == 1 else None


def _partly(share: float) -> Shuffle:
    def shuffle(rng: np.random.Generator, size: int) -> list[int]:
        return list(range(size)) if rng.random() < share else [int(item) for item in rng.permutation(size)]

    return shuffle


def _plain(kind: TypeExpr) -> bool:
    return kind.name in ("bool", "int", "float", "str", "bytes") or (
        kind.name in ("list", "tuple") and all(map(_plain, kind.arguments))
    )
