"""The checker ``top_k``: the indices or ids of the k best scores, judged by the scores of what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from judge.checkers.contract import CaseFacts
from judge.checkers.ranking import (
    MANY_LISTS,
    ONE_LIST,
    Choice,
    Ranking,
    check_parameter,
    dimensions,
    items_of,
    scores_by_id,
)
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class TopK:
    """Accepts any k different items whose scores are the k best, ties in any order."""

    name: ClassVar[str] = "top_k"

    k: int | str  # how many, or the parameter that says it
    ordered: bool = True  # whether the items come best first
    order: str = "largest"  # or smallest: which scores are the best
    rtol: float = 1e-6  # of a score, relative to the best that its place can have
    atol: float = 1e-9  # of a score
    ids: bool = False  # int items are keys of a mapping of scores, not indices

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        number = type(self.k) is int and self.k >= 1
        if not number and not (isinstance(self.k, str) and self.k.isidentifier()):
            raise ValueError(f"k: expected an integer of at least 1 or the name of a parameter, found {brief(self.k)}")
        if not isinstance(self.ids, bool):
            raise ValueError(f"ids: expected true or false, found {brief(self.ids)}")
        self._ranking()

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The scores' type; raises ValueError when the return type is no list of items, or ``k`` no parameter."""
        if isinstance(self.k, str):
            check_parameter(signature, self.k)
        returns = signature.returns
        if returns.name == "list" and returns.arguments[0].name in ("int", "str"):
            return scores_by_id(returns, returns.arguments[0], self.ids) or ONE_LIST
        depth = dimensions(returns)
        if self.ids or depth not in (1, 2):
            raise ValueError(f"expected a return type of indices or ids, one or many lists of them, found {returns}")
        return ONE_LIST if depth == 1 else MANY_LISTS

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when the scores cannot be compared, or k is negative."""
        self._ranking().check_scores(case.expected)
        if self._count(case) < 0:
            raise ValueError(f"k: expected at least 0, found {self._count(case)}")

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, not_valid, not_optimal or accepted, with the margin used."""
        scores, items, count = case.expected, items_of(answer), max(0, self._count(case))
        if isinstance(scores, Mapping) or scores.ndim == 1:
            return self._ranking().judge([Choice(items=items, scores=scores, count=count, where="answer")])
        if len(items) != len(scores):
            return Judgement(accepted=False, reason=Reason.WRONG_SHAPE, message=_length(len(items)))
        return self._ranking().judge(
            [
                Choice(items=row, scores=np.asarray(scores[at]), count=count, where=f"answer[{at}]")
                for at, row in enumerate(items)
            ]
        )

    def _count(self, case: CaseFacts) -> int:
        return int(case.arguments[self.k]) if isinstance(self.k, str) else self.k

    def _ranking(self) -> Ranking:
        return Ranking.of(order=self.order, ordered=self.ordered, rtol=self.rtol, atol=self.atol)


def _length(length: int) -> str:
    return f"answer: the length {length} is not the right one"
