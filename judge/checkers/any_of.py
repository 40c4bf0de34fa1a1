"""The checker ``any_of``: several acceptable answers, each judged by another checker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from judge.checkers.arrays import Arrays
from judge.checkers.construct import construct
from judge.checkers.contract import CaseChecker, CaseFacts
from judge.checkers.exact import Exact
from judge.checkers.floats import Floats
from judge.checkers.lines import Lines
from judge.checkers.mapping import Mappings
from judge.checkers.rows import Rows
from judge.checkers.sets import Set
from judge.checkers.tokens import Tokens
from judge.checkers.unordered import Unordered
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason

INNER: dict[str, type[CaseChecker]] = {
    kind.name: kind for kind in (Exact, Floats, Arrays, Tokens, Lines, Unordered, Set, Mappings, Rows)
}


@dataclass(frozen=True, kw_only=True, slots=True)
class AnyOf:
    """Accepts an answer that another checker accepts for one of the expected answers."""

    name: ClassVar[str] = "any_of"

    checker: str = "exact"  # by which the answer is compared with each of them, a key of INNER
    parameters: Mapping[str, Any] = field(default_factory=dict)  # of that checker

    def __post_init__(self) -> None:
        """Raises ValueError when the other checker cannot be built."""
        if not isinstance(self.parameters, Mapping):
            raise ValueError(f"parameters: expected a mapping, found {brief(self.parameters)}")
        self._inner()

    def expected_type(self, signature: Signature) -> TypeExpr:
        """A list of what the other checker expects; raises ValueError when it cannot judge the signature."""
        return TypeExpr(name="list", arguments=(self._inner().expected_type(signature),))

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when there is no answer, or one that the other checker cannot judge by."""
        if not case.expected:
            raise ValueError("expected at least one acceptable answer, found none")
        inner = self._inner()
        for at, expected in enumerate(case.expected):
            try:
                inner.check_key(replace(case, expected=expected))
            except ValueError as error:
                raise ValueError(f"acceptable answer {at}: {error}") from None

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: accepted when the other checker accepts it once, else as it says of the nearest answer.

        Nearer is the one with the smaller margin, then the one that comes first; no margin is further than any.
        """
        inner = self._inner()
        judgements = [inner.check(replace(case, expected=expected), answer) for expected in case.expected]
        if not judgements:
            return Judgement(accepted=False, reason=Reason.CHECKER, message="there is no acceptable answer")
        at, nearest = min(enumerate(judgements), key=lambda pair: _distance(pair[1]))
        return replace(nearest, evidence={**nearest.evidence, "nearest": at})

    def _inner(self) -> CaseChecker:
        inner: CaseChecker = construct(INNER, self.checker, self.parameters)
        return inner


def _distance(judgement: Judgement) -> tuple[bool, bool, bool, float]:
    """The order of judgements: accepted ones, faults of the judge's, then by margin."""
    failed = judgement.reason is Reason.CHECKER
    return not judgement.accepted, not failed, judgement.margin is None, judgement.margin or 0.0
