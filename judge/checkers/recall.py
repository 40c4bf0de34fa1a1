"""The checker ``recall_at_k``: how many of the k ids that were returned are among the true ones, by value.

With the values of the items at hand (``scores``, greater is better, or ``points`` and ``queries`` with a metric), the
judge computes the value of each returned id. One that is better than the worst true one counts; those that tie with it,
within ``max(atol, rtol * |value|)``, count up to the number of true ones that do: of items that tie any is right, but
they cannot stand for better ones. Without values, an id counts when it is one of the true ones.

The expected value holds k true ids for each query; a list or array of one dimension is one query. The recall is the
share of k, over all queries together; it must be ``at_least`` so much. The order of the ids does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from judge.checkers.certificates import (
    argument,
    as_list,
    check_name,
    check_share,
    item_type,
    judged,
    parameter_type,
    require_length,
)
from judge.checkers.contract import CaseFacts
from judge.checkers.graphs import Vertices
from judge.checkers.structure import DifferenceError
from judge.checkers.tolerances import Numbers, check_choice, check_tolerance
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason

METRICS = ("l2", "l1", "cosine", "dot")
_REAL = ("float32", "float64")


@dataclass(frozen=True, kw_only=True, slots=True)
class RecallAtK:
    """Accepts ids of which enough are true neighbours, or as good."""

    name: ClassVar[str] = "recall_at_k"

    at_least: float = 1.0  # the recall that is enough: above 0, at most 1
    scores: str | None = None  # the parameter that holds the scores: an array of (n,) or (q, n)
    points: str | None = None  # the parameter that holds the items: an array of (n, d)
    queries: str | None = None  # the parameter that holds the queries: an array of (q, d) or (d,)
    metric: str = "l2"  # or l1, cosine, dot
    rtol: float = 1e-6  # of a value, relative to that of the worst true id
    atol: float = 1e-9  # of a value

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range and for parameters that contradict each other."""
        check_share("at_least", self.at_least)
        for role in ("scores", "points", "queries"):
            check_name(role, getattr(self, role), optional=True)
        if (self.points is None) != (self.queries is None) or (self.scores is not None and self.points is not None):
            raise ValueError("expected scores, or points and queries, or none of these")
        check_choice("metric", self.metric, METRICS)
        check_tolerance("rtol", self.rtol)
        check_tolerance("atol", self.atol)

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The return type; raises ValueError when it does not hold ids, or the parameters do not fit."""
        kind = signature.returns
        grid = kind.dtype.startswith("int") and kind.shape is not None and len(kind.shape) == 2
        nested = kind.name == "list" and item_type(kind.arguments[0]) == "int"
        if not (grid or nested or item_type(kind) == "int"):
            raise ValueError(f"expected ids such as list[int] or array[int64, (q, k)], found {kind}")
        for role, ranks in (("scores", (1, 2)), ("points", (2,)), ("queries", (1, 2))):
            name = getattr(self, role)
            held = None if name is None else parameter_type(signature, role, name)
            if held is not None and (held.dtype not in _REAL or held.shape is None or len(held.shape) not in ranks):
                raise ValueError(f"{name}: expected an array of floats with {' or '.join(map(str, ranks))} dimensions")
        return kind

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when the expected ids are not distinct, in range and, by value, the best ones."""
        expected = _rows(case.expected)
        if not expected or not all(expected):
            raise ValueError("the expected value holds no ids")
        for name in filter(None, (self.scores, self.points, self.queries)):
            self._check_argument(name, argument(case, name), len(expected))
        judgement = self.check(case, case.expected)
        if not judgement.accepted:
            raise ValueError(f"the expected value is not accepted as an answer: {judgement.message}")
        self._check_best(case, expected)

    def _check_argument(self, name: str, values: Numbers, queries: int) -> None:
        if not np.isfinite(values).all():
            raise ValueError(f"{name}: expected finite numbers")
        if name != self.points and values.ndim == 2 and len(values) != queries:
            raise ValueError(f"{name}: expected {queries} rows, one for each query, found {len(values)}")
        if name == self.queries and values.ndim == 1 and queries != 1:
            raise ValueError(f"{name}: expected {queries} rows, one for each query, found one query")

    def _check_best(self, case: CaseFacts, expected: list[list[int]]) -> None:
        count = self._count(case)
        for at, row in enumerate(expected if count is not None else []):
            values = self._values(case, at, row)
            bar = values.min() + self._slack(values.min())
            missing = int((self._values(case, at, range(count or 0)) > bar).sum() - (values > bar).sum())
            if missing:
                raise ValueError(f"expected[{at}]: {missing} other ids are better than the worst of these {len(row)}")

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, not_valid (an id that is out of range or there twice), not_optimal or
        accepted, with the recall as evidence."""
        return judged(lambda: self._verify(case, answer))

    def _verify(self, case: CaseFacts, answer: Any) -> Judgement:
        expected, count = _rows(case.expected), self._count(case)
        require_length(answer, len(case.expected), "as the expected value has")
        found, hits = _rows(answer), 0
        for at, (row, true) in enumerate(zip(found, expected, strict=True)):
            _check_ids(row, len(true), count, f"answer[{at}]" if _is_nested(case.expected) else "answer")
            hits += self._hits(case, at, row, true)
        recall = Fraction(hits, sum(map(len, expected)))
        evidence = {"hits": hits, "recall": float(recall)}
        if recall >= Fraction(str(self.at_least)):
            return Judgement(accepted=True, evidence=evidence)
        message = f"the recall is {float(recall):.6g}: expected at least {self.at_least:g}"
        return Judgement(accepted=False, reason=Reason.NOT_OPTIMAL, message=message, evidence=evidence)

    def _hits(self, case: CaseFacts, query: int, row: list[int], true: list[int]) -> int:
        if self.scores is None and self.points is None:
            ids = set(true)
            return sum(number in ids for number in row)
        known, values = self._values(case, query, true), self._values(case, query, row)
        worst, slack = known.min(), self._slack(known.min())
        better, tied = values > worst + slack, np.abs(values - worst) <= slack
        places = len(true) - int((known > worst + slack).sum())  # for those that tie with the worst
        return int(better.sum()) + min(int(tied.sum()), places)

    def _slack(self, worst: float) -> float:
        return max(self.atol, self.rtol * abs(worst))

    def _count(self, case: CaseFacts) -> int | None:
        """Returns the number of items; None when no argument holds them."""
        if self.scores is not None:
            return int(argument(case, self.scores).shape[-1])
        return None if self.points is None else len(argument(case, self.points))

    def _values(self, case: CaseFacts, query: int, ids: Sequence[int]) -> Numbers:
        """Returns the values of items for one query, greater for the better."""
        if self.scores is not None:
            scores = argument(case, self.scores)
            return np.asarray((scores if scores.ndim == 1 else scores[query])[list(ids)], np.float64)
        points = np.asarray(argument(case, str(self.points))[list(ids)], np.float64)
        return _similarity(
            points, np.atleast_2d(argument(case, str(self.queries)))[query].astype(np.float64), self.metric
        )


def _similarity(points: Numbers, query: Numbers, metric: str) -> Numbers:
    if metric in ("l1", "l2"):
        return np.asarray(-np.linalg.norm(points - query, ord=int(metric[1]), axis=1))
    products = points @ query
    if metric == "dot":
        return np.asarray(products)
    sizes = np.linalg.norm(points, axis=1) * np.linalg.norm(query)
    return np.asarray(np.divide(products, sizes, out=np.zeros_like(products), where=sizes > 0))


def _is_nested(ids: Any) -> bool:
    return len(ids) > 0 and hasattr(ids[0], "__len__")


def _rows(ids: Any) -> list[list[int]]:
    """Returns the ids by query."""
    return [as_list(row) for row in ids] if _is_nested(ids) else [as_list(ids)]


def _check_ids(row: list[int], wanted: int, count: int | None, where: str) -> None:
    """Raises DifferenceError unless ``row`` holds ``wanted`` different ids, less than ``count``."""
    if len(row) != wanted:
        raise DifferenceError(Reason.WRONG_SHAPE, f"{where} has the length {len(row)}: expected {wanted}")
    if count is not None:
        Vertices(count=count).numbers(row, (where + "[{}]").format)
    again = next((first for first, second in pairwise(sorted(row)) if first == second), None)
    if again is not None:
        raise DifferenceError(Reason.NOT_VALID, f"{where} holds {brief(again)} twice")
