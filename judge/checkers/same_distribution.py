"""The checker ``same_distribution``: when the arguments are transformed, draws keep their law, transformed likewise.

The function draws from a law that nobody has to know. Half of its calls get the case's arguments, the other half a
transformed copy (``judge.checkers.evidence.relations``), whose answers are taken back; all have fresh seeds. Pairs of
one answer of each kind are tested for equality in distribution by bets on their order (``judge.stats.swap``). A case's
expected value is a tuple (positions, cells): how many numbers an answer has, and into how many cells each is sorted;
integers are their own cells.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from judge.checkers.contract import CaseFacts, Series, SeriesAnswer
from judge.checkers.evidence.cells import Cells
from judge.checkers.evidence.limits import (
    MOST_CALLS,
    MOST_CASES,
    check_alpha,
    check_integer,
    check_name,
    check_takes,
    check_undeclared,
)
from judge.checkers.evidence.offences import Offence
from judge.checkers.evidence.relations import Copy, check_relations, read_relations
from judge.checkers.evidence.simulation import smallest_defect
from judge.checkers.evidence.trials import TrialSeries, trials_of
from judge.checkers.evidence.verdicts import against, evidence_facts
from judge.checkers.sizing import Sizing
from judge.checkers.structure import DifferenceError
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr, parse_type
from judge.model.verdict import Reason
from judge.stats.betting import Evidence
from judge.stats.streams import Stream
from judge.stats.swap import NO_PAIR, Swap

Drawn = NDArray[Any]  # an answer, of int64 or float64
ANSWERS = tuple(map(parse_type, ("int", "float", "list[int]", "list[float]")))
KEY = parse_type("tuple[int, int]")
MOST_COUNTS = 2_000_000  # positions times cells: what is counted for each relation and side
SAME = 1e-9  # relative: differences of floats below it come from the order of additions


@dataclass(frozen=True, kw_only=True, slots=True)
class SameDistribution:
    """Accepts a sampler unless the evidence reaches 1/alpha against a relation between its laws."""

    name: ClassVar[str] = "same_distribution"

    relations: list[dict[str, Any]]  # see judge.checkers.evidence.relations; calls are shared out among them
    seed: str = "seed"  # the parameter that takes the seed, an int
    alpha: float = 1e-6  # largest probability that a right sampler is rejected by this checker
    calls: int = 400  # that an accepted submission is asked for on one case, repeats included

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range or a relation that cannot be."""
        read_relations(self.relations)
        check_name("seed", self.seed)
        check_alpha(self.alpha)
        check_integer("calls", self.calls, 32 * len(self.relations), MOST_CALLS)

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The key's type; raises ValueError unless the answer is an int, a float or a list of one of them."""
        if signature.returns not in ANSWERS:
            raise ValueError(f"expected a return type of {', '.join(map(str, ANSWERS))}, found {signature.returns}")
        check_takes(signature, self.seed, "int")
        check_relations(read_relations(self.relations), signature)
        return KEY

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when positions or cells are out of range or an argument cannot be transformed."""
        positions, cells = case.expected
        check_integer("positions", positions, 1, MOST_COUNTS // 2)
        check_integer("cells", cells, 2, MOST_COUNTS // positions)
        check_undeclared(self.name, case)
        for relation in read_relations(self.relations):
            relation.copy(case.arguments, Stream(bytes(32), case.name))

    def absent_parameters(self) -> frozenset[str]:
        """The seed."""
        return frozenset({self.seed})

    def for_cases(self, count: int) -> SameDistribution:
        """Returns the checker with alpha / ``count``: over ``count`` cases together, alpha bounds false rejections."""
        check_integer("count", count, 1, MOST_CASES)
        return replace(self, alpha=self.alpha / count)

    def open(self, case: CaseFacts, secret: bytes) -> Series:
        """Begins a series: ``calls`` calls for a right sampler, at most four more for one that is rejected."""
        trials = _Pairs(self, case, secret)
        return TrialSeries(
            trials=trials, case=case.name, secret=secret, calls=self.calls, seed=self.seed, repeated=True
        )

    def sizing(self, case: CaseFacts, secret: bytes, simulations: int) -> Sizing:
        """As of Sized: answers are one integer, uniform over the cells; the copy's move from one half to the other.

        No law is known, so alternatives have no place here: there are no powers.
        """
        _, cells = case.expected
        pairs = trials_of(self.calls, repeated=True) // 2 // len(self.relations)

        def play(distance: float, stream: Stream) -> int | None:
            drawn = np.floor(stream.uniforms(pairs, 2) * cells).astype(np.int64)
            upper = drawn[:, 1] >= cells - cells // 2
            moves = upper & (stream.uniforms(pairs) < distance * cells / (cells // 2))
            drawn[:, 1] -= np.where(moves, cells - cells // 2, 0)
            evidence = Evidence([Swap("swap", 1, cells)], self.alpha / len(self.relations))
            evidence.observe(drawn[:, :, None])
            return evidence.rejected_at

        return Sizing(
            alpha=self.alpha,
            calls=self.calls,
            smallest_defect=smallest_defect(play, secret, cells // 2 / cells),
            defect="total variation distance between the two laws of one uniform answer",
            powers=(),
        )


class _Pairs:
    """The Trials of a sampler: numbers 2 i and 2 i + 1 are a pair, the original and a copy in a secret order."""

    def __init__(self, checker: SameDistribution, case: CaseFacts, secret: bytes) -> None:
        self._positions, self._cells = case.expected
        self._relations = read_relations(checker.relations)
        self._copies: list[Copy] = [
            relation.copy(case.arguments, Stream(secret, f"{case.name}|copy|{number}"))
            for number, relation in enumerate(self._relations)
        ]
        self._second = Stream(secret, f"{case.name}|sides").uniforms(checker.calls) < 0.5  # the copy is second
        names = [f"{number + 1} {relation}" for number, relation in enumerate(self._relations)]
        self._evidence = Evidence([Swap(name, self._positions, self._cells) for name in names], checker.alpha)
        self._sorting = [Cells(self._cells) for _ in names]
        self._waiting: Drawn = np.empty(0)  # the first answer of a pair

    def changes(self, number: int) -> Mapping[str, Any]:
        """As of Trials: nothing, or the copy's arguments."""
        return self._copies[self._relation_of(number)].changes if self._is_copy(number) else {}

    def read(self, number: int, answer: SeriesAnswer) -> Drawn | Offence:
        """As of Trials: the answer as an array, taken back when it is a copy's."""
        value = answer.value
        try:
            value = self._copies[self._relation_of(number)].back(value) if self._is_copy(number) else value
        except DifferenceError as difference:
            reason = difference.judgement.reason or Reason.WRONG_VALUE
            return Offence(reason=reason, message=self._said(number, str(difference)))
        numbers = value if isinstance(value, list) else [value]
        floats = isinstance(answer.value, float) or (
            isinstance(answer.value, list) and float in map(type, answer.value)
        )
        offence = self._length_offence(numbers) or (
            _finite_offence(numbers) if floats else self._range_offence(numbers)
        )
        if offence is not None:
            return replace(offence, message=self._said(number, offence.message))
        return np.array(numbers, dtype=np.float64 if floats else np.int64)

    def take(self, number: int, read: Drawn) -> bool:
        """As of Trials."""
        if number % 2 == 0:
            self._waiting = read
            return False
        pair = np.stack([read, self._waiting] if self._is_copy(number - 1) else [self._waiting, read])
        relation = self._relation_of(number)
        cells = self._sorting[relation].of(pair)
        none = np.full((1, *pair.shape), NO_PAIR)
        bets = [none if cells is None or at != relation else cells[None] for at in range(len(self._relations))]
        self._evidence.observe(*bets)
        return self._evidence.rejected_at is not None

    def difference(self, first: Drawn, again: Drawn) -> str:
        """As of Trials."""
        different = np.abs(first - again) > SAME * np.maximum(np.abs(first), 1e-300)
        at = int(different.argmax())
        return f"number {at} was {float(first[at])!r}, and {float(again[at])!r}" if different.any() else ""

    def judgement(self) -> Judgement:
        """As of Trials."""
        found = evidence_facts(self._evidence)
        if self._evidence.rejected_at is None:
            return against(self._evidence, None, "", found)
        members = self._evidence.members
        largest = max(members, key=lambda name: members[name])
        message = f"the draws for transformed arguments ({largest}) have another law than the transformed draws"
        return against(self._evidence, Reason.WRONG_DISTRIBUTION, message, found)

    def _relation_of(self, number: int) -> int:
        return number // 2 % len(self._relations)

    def _is_copy(self, number: int) -> bool:
        return bool(self._second[number // 2]) == (number % 2 == 1)

    def _said(self, number: int, message: str) -> str:
        relation = self._relations[self._relation_of(number)]
        return f"for transformed arguments ({relation}): {message}" if self._is_copy(number) else message

    def _length_offence(self, numbers: list[Any]) -> Offence | None:
        if len(numbers) == self._positions:
            return None
        message = f"expected {self._positions} numbers, found {len(numbers)}"
        return Offence(reason=Reason.WRONG_SHAPE, message=message)

    def _range_offence(self, numbers: list[Any]) -> Offence | None:
        wrong = [at for at, number in enumerate(numbers) if type(number) is not int or not 0 <= number < self._cells]
        if not wrong:
            return None
        found = f"number {wrong[0]} is {brief(numbers[wrong[0]])}"
        message = f"expected integers from 0 to {self._cells - 1}, but {found}"
        return Offence(reason=Reason.WRONG_SUPPORT, message=message)


def _finite_offence(numbers: list[Any]) -> Offence | None:
    wrong = [at for at, number in enumerate(numbers) if not math.isfinite(number)]
    if not wrong:
        return None
    message = f"expected finite numbers, but number {wrong[0]} is {numbers[wrong[0]]}"
    return Offence(reason=Reason.NOT_FINITE, message=message)
