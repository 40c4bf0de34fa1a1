"""The checker ``metamorphic``: when the arguments are transformed, the answer must be transformed likewise.

The function is called on the case's arguments and on transformed copies (``judge.checkers.evidence.relations``); each
copy's answer, taken back, must be the first answer, with floats within a tolerance of it. No reference is needed: a
case's expected value may be None, and when it is not, the first answer must equal it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from judge.checkers.contract import CaseFacts, Series, SeriesAnswer
from judge.checkers.evidence.limits import check_integer, check_undeclared
from judge.checkers.evidence.relations import Copy, Relation, check_relations, read_relations
from judge.checkers.evidence.trials import TrialSeries
from judge.checkers.numeric import NumberRule
from judge.checkers.structure import DifferenceError
from judge.checkers.tolerances import Band, check_tolerance
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.stats.streams import Stream

MOST_TRIALS = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Metamorphic:
    """Accepts a function whose answers satisfy every relation, within a tolerance."""

    name: ClassVar[str] = "metamorphic"

    relations: list[dict[str, Any]]  # see judge.checkers.evidence.relations
    trials: int = 3  # copies for each relation that draws a permutation; the others have one copy each
    rtol: float = 1e-6  # of floats, relative to the first answer
    atol: float = 1e-9  # of floats, in the unit of the answer
    nan: str = "refuse"  # or match: a NaN in both answers
    inf: str = "refuse"  # or match: an infinity of one sign in both answers

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range or a relation that cannot be."""
        read_relations(self.relations)
        check_integer("trials", self.trials, 1, MOST_TRIALS)
        check_tolerance("rtol", self.rtol)
        check_tolerance("atol", self.atol)
        self.rule()

    def expected_type(self, signature: Signature) -> TypeExpr:
        """Optional of the return type; raises ValueError when a relation does not fit the signature."""
        check_relations(read_relations(self.relations), signature)
        return TypeExpr(name="Optional", arguments=(signature.returns,))

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when an argument cannot be transformed, or an answer that is given is not finite."""
        check_undeclared(self.name, case)
        for relation in read_relations(self.relations):
            relation.copy(case.arguments, Stream(bytes(32), case.name))
        if case.expected is not None:
            self.rule().check_key(case)

    def absent_parameters(self) -> frozenset[str]:
        """None: the copies are made of the case's own arguments."""
        return frozenset()

    def for_cases(self, count: int) -> Metamorphic:
        """Returns the checker itself: it never rejects a right function, over any number of cases."""
        check_integer("count", count, 1, 1_000_000)
        return self

    def open(self, case: CaseFacts, secret: bytes) -> Series:
        """Begins a series: one call for the original, and one for each copy."""
        copies = list(self._copies(case, secret))
        trials = _Copies(self.rule(), case, copies)
        return TrialSeries(
            trials=trials, case=case.name, secret=secret, calls=1 + len(copies), seed=None, repeated=False
        )

    def rule(self) -> NumberRule:
        """What answers are compared by."""
        return NumberRule(tolerance=Band(rtol=self.rtol, atol=self.atol), nan=self.nan, inf=self.inf)

    def _copies(self, case: CaseFacts, secret: bytes) -> Iterator[tuple[Relation, Copy]]:
        for number, relation in enumerate(read_relations(self.relations)):
            for trial in range(self.trials if relation.kind == "permute" else 1):
                yield relation, relation.copy(case.arguments, Stream(secret, f"{case.name}|copy|{number}|{trial}"))


class _Copies:
    """The Trials of a function: number 0 is the original, the others are copies."""

    def __init__(self, rule: NumberRule, case: CaseFacts, copies: list[tuple[Relation, Copy]]) -> None:
        self._rule = rule
        self._case = case
        self._copies = copies
        self._first: Any = None
        self._held = 0  # relations that held
        self._margin = 0.0
        self._wrong: Judgement | None = None

    def changes(self, number: int) -> Mapping[str, Any]:
        """As of Trials."""
        return self._copies[number - 1][1].changes if number else {}

    def read(self, number: int, answer: SeriesAnswer) -> Any:
        """As of Trials: the answer as it is."""
        return answer.value

    def take(self, number: int, read: Any) -> bool:
        """As of Trials: compares it with the first answer, and the first with the expected one."""
        if number == 0:
            self._first = read
            judgement = self._judged(read, self._case.expected) if self._case.expected is not None else None
        else:
            judgement = self._related(number, read)
        if judgement is not None and not judgement.accepted:
            self._wrong = judgement
        elif judgement is not None:
            self._margin = max(self._margin, judgement.margin or 0.0)
            self._held += number > 0
        return self._wrong is not None

    def difference(self, first: Any, again: Any) -> str:
        """As of Trials: no call is repeated."""
        return ""

    def judgement(self) -> Judgement:
        """As of Trials."""
        found = {"copies": self._held}
        if self._wrong is None:
            return Judgement(accepted=True, margin=self._margin, evidence=found)
        return Judgement(
            accepted=False,
            reason=self._wrong.reason,
            message=self._wrong.message,
            margin=self._wrong.margin,
            evidence={**self._wrong.evidence, **found},
        )

    def _related(self, number: int, answer: Any) -> Judgement:
        relation, copy = self._copies[number - 1]
        try:
            judgement = self._judged(copy.back(answer), self._first)
        except DifferenceError as difference:
            judgement = difference.judgement
        if judgement.accepted:
            return judgement
        message = f"the answer to transformed arguments ({relation}) is not the transformed answer: {judgement.message}"
        return Judgement(
            accepted=False,
            reason=judgement.reason,
            message=message,
            margin=judgement.margin,
            evidence={**judgement.evidence, "relation": str(relation)},
        )

    def _judged(self, answer: Any, wanted: Any) -> Judgement:
        return self._rule.judge(answer, wanted)
