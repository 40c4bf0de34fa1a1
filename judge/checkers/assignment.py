"""The checker ``assignment``: a column for each row of a matrix, no column twice, judged by the sum of their elements.

The answer holds a column for each row. With more rows than columns every column is used, and the rows that are left
over have -1. The expected value is the least sum, or with ``greatest`` the greatest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from judge.checkers.certificates import (
    Optimum,
    argument,
    as_list,
    check_flag,
    check_name,
    item_type,
    judged,
    parameter_type,
    require,
    require_length,
    total,
)
from judge.checkers.contract import CaseFacts
from judge.checkers.graphs import WEIGHTS, Vertices, check_distinct, check_finite
from judge.checkers.solvers import best_assignment
from judge.checkers.tolerances import check_tolerance
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr


@dataclass(frozen=True, kw_only=True, slots=True)
class Assignment:
    """Accepts every assignment of the optimal sum."""

    name: ClassVar[str] = "assignment"

    costs: str  # the parameter that holds the matrix: rows of columns
    greatest: bool = False  # the optimum is the greatest sum
    rtol: float = 1e-9  # of a sum of floats, relative to the optimum
    atol: float = 1e-9  # of a sum of floats

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        check_name("costs", self.costs)
        check_flag("greatest", self.greatest)
        check_tolerance("rtol", self.rtol)
        check_tolerance("atol", self.atol)

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The type of the elements; raises ValueError when parameter or return type do not fit."""
        kind = parameter_type(signature, "costs", self.costs)
        matrix = kind.name == "array" and kind.shape is not None and len(kind.shape) == 2
        element = kind.dtype.rstrip("0123456789") if matrix else item_type(kind.arguments[0]) if kind.arguments else ""
        if element not in WEIGHTS or not (matrix or kind.name == "list"):
            raise ValueError(f"{self.costs}: expected list[list[float]] or array[float64, (n, m)], found {kind}")
        if item_type(signature.returns) != "int":
            raise ValueError(f"expected the return type list[int], found {signature.returns}")
        return TypeExpr(name=element)

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError for rows of different lengths, numbers that are not finite, and an expected value that is
        not the optimum of another algorithm."""
        rows = as_list(argument(case, self.costs))
        for at, row in enumerate(rows):
            if len(row) != len(rows[0]):
                raise ValueError(f"{self.costs}[{at}]: expected {len(rows[0])} numbers, found {len(row)}")
            check_finite(f"{self.costs}[{at}]", row)
        check_finite("the expected value", [case.expected])
        best = best_assignment(rows, self.greatest) if len(rows) else 0
        if best is not None and not self._optimum(case).judge(best).accepted:
            raise ValueError(f"the expected value is {brief(case.expected)}: another algorithm finds {brief(best)}")

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, not_valid, not_optimal or accepted."""
        return judged(lambda: self._verify(case, answer))

    def _verify(self, case: CaseFacts, answer: Any) -> Judgement:
        costs = argument(case, self.costs)
        require_length(answer, len(costs), "a column for each row")
        columns, wide = as_list(answer), len(costs[0]) if len(costs) else 0
        used = [row for row, column in enumerate(columns) if column != -1]
        wanted = min(len(costs), wide)
        require(len(used) == wanted, f"the answer gives a column to {len(used)} rows: expected {wanted}")
        numbers = [columns[row] for row in used]
        Vertices(count=wide).numbers(numbers, lambda at: f"answer[{used[at]}]")
        check_distinct(numbers, wide, lambda at: f"answer[{used[at]}]", numbers)
        chosen = [costs[row][column] for row, column in zip(used, numbers, strict=True)]
        return self._optimum(case).judge(total(list(map(as_list, chosen))))

    def _optimum(self, case: CaseFacts) -> Optimum:
        of = "the sum"
        return Optimum(of=of, best=case.expected, greatest=self.greatest, rtol=self.rtol, atol=self.atol)
