"""Choices by score, judged by value: shared by ``top_k`` and ``arg_max``.

The expected value holds the scores, not the answer. An item is accepted for a place when its score is not worse than
the best score that this place can have, less the tolerance: items that tie, exactly or within the tolerance, may stand
for each other, and an item with a better score than its place asks for is no error. An item whose score is the worst
infinity (-inf where the largest are wanted) must not be chosen at all: so a reference masks items.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judge.checkers.structure import DifferenceError
from judge.checkers.tolerances import Band, Numbers, check_choice, check_tolerance
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr, parse_type
from judge.model.verdict import Reason

ORDERS = ("largest", "smallest")
ONE_LIST, MANY_LISTS = parse_type("array[float64, (n,)]"), parse_type("array[float64, (q, n)]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Items that were chosen from one list of scores."""

    items: Sequence[Any]  # indices or ids, the best first
    scores: Numbers | Mapping[Any, float]  # by index, or by id
    count: int  # how many are to be chosen, if so many may be
    where: str  # for messages: "answer[3]"
    single: bool = False  # ``where`` is the place of the one item, not of a list of them


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranking:
    """The rule by which items are accepted."""

    order: str  # which scores are the best: largest or smallest
    ordered: bool  # whether the items come best first; otherwise they are sorted by their scores before
    band: Band

    @classmethod
    def of(cls, *, order: str, ordered: bool, rtol: float, atol: float) -> Ranking:
        """The rule of a checker's parameters. Raises ValueError for one out of range."""
        check_choice("order", order, ORDERS)
        check_tolerance("rtol", rtol)
        check_tolerance("atol", atol)
        if not isinstance(ordered, bool):
            raise ValueError(f"ordered: expected true or false, found {brief(ordered)}")
        return cls(order=order, ordered=ordered, band=Band(rtol=rtol, atol=atol))

    def check_scores(self, scores: Numbers | Mapping[Any, float]) -> None:
        """Raises ValueError for a NaN and for the infinity that is better than all numbers."""
        values = self._values(scores)
        if np.isnan(values).any() or (values == math.inf).any():
            excluded = "-inf" if self.order == "largest" else "inf"
            raise ValueError(f"the scores hold a NaN or an infinity: expected finite numbers, or {excluded} to exclude")

    def judge(self, choices: Sequence[Choice]) -> Judgement:
        """Judges all choices of an answer: wrong_shape, not_valid, not_optimal or accepted, with the margin used."""
        try:
            measured = [(choice, self._margins(choice)) for choice in choices]
        except DifferenceError as difference:
            return difference.judgement
        evidence: dict[str, Any] = {"compared": sum(margins.size for _, margins in measured)}
        choice, margins = max(measured, key=lambda pair: float(pair[1].max(initial=0.0)), default=(None, np.zeros(0)))
        margin = float(margins.max(initial=0.0))
        if choice is None or margin == 0:
            return Judgement(accepted=True, margin=margin, evidence=evidence)
        at = int(np.argmax(margins))
        evidence["worst"] = _place(choice, at)
        if margin <= 1:
            return Judgement(accepted=True, margin=margin, evidence=evidence)
        message = f"{_place(choice, at)} is {brief(choice.items[at], 60)}: there is a better one"
        return Judgement(accepted=False, reason=Reason.NOT_OPTIMAL, message=message, margin=margin, evidence=evidence)

    def _margins(self, choice: Choice) -> Numbers:
        """Returns how far below its place's best score each item's is, divided by the tolerance; 0 where it is not."""
        values = self._values(choice.scores)
        best = np.sort(values[values > -math.inf])[::-1][: choice.count]
        if len(choice.items) != len(best):
            message = f"{choice.where}: the length {len(choice.items)} is not the right one"
            raise DifferenceError(Reason.WRONG_SHAPE, message)
        found = self._chosen(choice)
        wanted = best
        if not self.ordered:  # each item in the place that its score gives it
            wanted = np.empty_like(best)
            wanted[np.argsort(-found, kind="stable")] = best
        return np.where(found >= wanted, 0.0, self.band.margins(found, wanted))

    def _chosen(self, choice: Choice) -> Numbers:
        """Returns the items' scores. Raises DifferenceError for an item that cannot be chosen, or not again."""
        seen: dict[Any, int] = {}
        chosen = []
        for at, item in enumerate(choice.items):
            score = _score(choice.scores, item)
            if score is None:
                raise _not_valid(choice, at, "which is no item")
            if seen.setdefault(item, at) != at:
                raise _not_valid(choice, at, f"as is {_place(choice, seen[item])}: expected different items")
            if math.isinf(score):
                raise _not_valid(choice, at, "which must not be chosen")
            chosen.append(score)
        return self._signed(np.array(chosen, np.float64))

    def _values(self, scores: Numbers | Mapping[Any, float]) -> Numbers:
        return self._signed(np.array(list(scores.values()) if isinstance(scores, Mapping) else scores, np.float64))

    def _signed(self, values: Numbers) -> Numbers:
        return values if self.order == "largest" else -values


def scores_by_id(returns: TypeExpr, item: TypeExpr, ids: bool) -> TypeExpr | None:
    """Returns the type of scores by id when items of the type ``item`` are ids: str always, int when ``ids``."""
    if item.name not in ("int", "str"):
        raise ValueError(f"expected a return type of indices or ids, found {returns}")
    return TypeExpr(name="dict", arguments=(item, TypeExpr(name="float"))) if ids or item.name == "str" else None


def dimensions(returns: TypeExpr) -> int | None:
    """Returns how many dimensions a type of indices has: 0 for int; None for another type."""
    if returns.name == "array":
        integral = returns.dtype in ("int32", "int64") and returns.shape is not None
        return len(returns.shape or ()) if integral else None
    depth = 0
    while returns.name == "list":
        returns, depth = returns.arguments[0], depth + 1
    return depth if returns.name == "int" else None


def items_of(value: Any) -> list[Any]:
    """Returns a list, or an array as nested lists of int."""
    return list(value.tolist()) if isinstance(value, np.ndarray) else list(value)


def check_parameter(signature: Signature, name: str) -> None:
    """Raises ValueError unless the signature has a parameter ``name`` of type int."""
    types = {parameter.name: str(parameter.type) for parameter in signature.parameters}
    if types.get(name) != "int":
        raise ValueError(f"expected a parameter {name!r} of type int, found {types or 'none'}")


def _score(scores: Numbers | Mapping[Any, float], item: Any) -> float | None:
    if isinstance(scores, Mapping):
        return scores.get(item)
    return float(scores[item]) if 0 <= item < len(scores) else None


def _place(choice: Choice, at: int) -> str:
    return choice.where if choice.single else f"{choice.where}[{at}]"


def _not_valid(choice: Choice, at: int, why: str) -> DifferenceError:
    return DifferenceError(Reason.NOT_VALID, f"{_place(choice, at)} is {brief(choice.items[at], 60)}, {why}")
