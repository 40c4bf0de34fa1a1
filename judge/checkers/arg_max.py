"""The checker ``arg_max``: the index or id of the best score, judged by the score of what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from judge.checkers.contract import CaseFacts
from judge.checkers.ranking import MANY_LISTS, ONE_LIST, Choice, Ranking, dimensions, items_of, scores_by_id
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class ArgMax:
    """Accepts any item whose score is the best, for one list of scores or for each of many."""

    name: ClassVar[str] = "arg_max"

    order: str = "largest"  # or smallest: which scores are the best
    rtol: float = 1e-6  # of a score, relative to the best one
    atol: float = 1e-9  # of a score
    ids: bool = False  # an int is a key of a mapping of scores, not an index

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        if not isinstance(self.ids, bool):
            raise ValueError(f"ids: expected true or false, found {brief(self.ids)}")
        self._ranking()

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The scores' type; raises ValueError unless the return type is an index, an id or a list of indices."""
        returns = signature.returns
        if returns.name in ("int", "str"):
            return scores_by_id(returns, returns, self.ids) or ONE_LIST
        if self.ids or dimensions(returns) != 1:
            raise ValueError(f"expected a return type of an index, an id or a list of indices, found {returns}")
        return MANY_LISTS

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when the scores cannot be compared, or nothing can be chosen from them."""
        ranking, scores = self._ranking(), case.expected
        ranking.check_scores(scores)
        rows = [list(scores.values())] if isinstance(scores, Mapping) else np.atleast_2d(scores).tolist()
        if not all(any(np.isfinite(row)) for row in rows):
            raise ValueError("the scores leave nothing to choose: expected a finite one")

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, not_valid, not_optimal or accepted, with the margin used."""
        scores = case.expected
        if isinstance(scores, Mapping) or scores.ndim == 1:
            return self._ranking().judge([_choice(answer, scores, "answer")])
        items = items_of(answer)
        if len(items) != len(scores):
            message = f"answer: the length {len(items)} is not the right one"
            return Judgement(accepted=False, reason=Reason.WRONG_SHAPE, message=message)
        return self._ranking().judge(
            [_choice(item, np.asarray(scores[at]), f"answer[{at}]") for at, item in enumerate(items)]
        )

    def _ranking(self) -> Ranking:
        return Ranking.of(order=self.order, ordered=True, rtol=self.rtol, atol=self.atol)


def _choice(item: Any, scores: Any, where: str) -> Choice:
    return Choice(items=[item], scores=scores, count=1, where=where, single=True)
