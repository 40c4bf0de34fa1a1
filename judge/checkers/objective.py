"""The checker ``objective``: an answer is as good as the value that the judge computes from it.

The answer is verified, and its value computed from the case's arguments by one of ``OBJECTIVES``; what the candidate
says that it is worth is never asked. With the expected value r, the optimum or what a reference reached, it is
accepted up to ``factor * r`` where the least value is best, and from ``r / factor`` where the greatest is: ``factor``
1.05 allows 5 % more than the reference, and better than the reference is accepted. Floats have the tolerance
``max(atol, rtol * r)`` on top.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from judge.checkers.certificates import check_name, item_type, judged, parameter_type, plain
from judge.checkers.contract import CaseFacts
from judge.checkers.graphs import WEIGHTS, GraphNames
from judge.checkers.linear import is_array
from judge.checkers.objectives import OBJECTIVES
from judge.checkers.tolerances import check_choice, check_tolerance
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason

_ROLES = ("points", "k", "distances", "durations", "edges", "nodes", "values", "weights", "capacity")


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectiveValue:
    """Accepts every valid answer whose value is close enough to the expected one, or better."""

    name: ClassVar[str] = "objective"

    objective: str  # a key of OBJECTIVES
    points: str | None = None  # the parameter that holds the points, an array of (n, d): kmeans, tour
    k: str | None = None  # the parameter that holds the number of clusters or machines: kmeans, makespan
    distances: str | None = None  # the parameter that holds distances, an array of (n, n): tour without points
    durations: str | None = None  # the parameter that holds the durations: makespan
    edges: str | None = None  # the parameter that holds the edges, with weights: cut
    nodes: str | None = None  # the parameter that holds the vertices or their number: cut
    values: str | None = None  # the parameter that holds the values of the items: knapsack
    weights: str | None = None  # the parameter that holds the weights of the items: knapsack
    capacity: str | None = None  # the parameter that holds the greatest weight: knapsack
    factor: float = 1.0  # how much worse than the expected value is allowed: at least 1
    rtol: float = 1e-9  # of floats, relative to the expected value
    atol: float = 1e-9  # of floats

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range, and for roles that are not those of the objective."""
        check_choice("objective", self.objective, tuple(OBJECTIVES))
        for tolerance in ("factor", "rtol", "atol"):
            check_tolerance(tolerance, getattr(self, tolerance))
        if self.factor < 1:
            raise ValueError(f"factor: expected a number of at least 1, found {self.factor}")
        for role in self._names():
            check_name(role, getattr(self, role))
        given, needed = set(self._names()), set(OBJECTIVES[self.objective].roles)
        if given != needed and not (self.objective == "tour" and given == {"distances"}):
            found = ", ".join(sorted(given)) or "none"
            raise ValueError(f"expected {', '.join(sorted(needed))} for {self.objective}, found {found}")

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The type of the value; raises ValueError when parameters or return type do not fit the objective."""
        names, kind = self._names(), signature.returns
        types = {role: parameter_type(signature, role, name) for role, name in names.items()}
        for role, held in types.items():
            if not _FITS.get(role, _is_list)(held):
                raise ValueError(f"{names[role]}: expected {_WANTED.get(role, 'a list of int or float')}, found {held}")
        centres = self.objective == "kmeans" and is_array(kind, 2) and kind.dtype != "complex128"
        sides = self.objective == "cut" and item_type(kind) == "bool"
        if not (item_type(kind) == "int" or centres or sides):
            raise ValueError(f"expected the return type list[int], found {kind}")
        return TypeExpr(name=self._value_type(signature, types))

    def _value_type(self, signature: Signature, types: dict[str, TypeExpr]) -> str:
        if "edges" in types:
            return GraphNames(edges=str(self.edges), nodes=self.nodes, weighted=True).types(signature)[1]
        summed = types.get("durations") or types.get("values")
        return "float" if summed is None else item_type(summed)

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError for arguments of which the value cannot be computed, and for a value that is negative, not
        finite, or plainly out of reach."""
        if not 0 <= case.expected < math.inf:
            raise ValueError(f"the expected value is {case.expected}: expected a finite number of at least 0")
        OBJECTIVES[self.objective].check(case, self._names())

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, not_finite, not_valid, not_optimal or accepted, with its value."""
        return judged(lambda: self._verify(case, answer))

    def _verify(self, case: CaseFacts, answer: Any) -> Judgement:
        objective = OBJECTIVES[self.objective]
        value = objective.value(case, self._names(), answer)
        evidence = {"value": plain(value)}
        enough = self._enough(value, case.expected) if not objective.greatest else self._enough(case.expected, value)
        if enough:
            return Judgement(accepted=True, evidence=evidence)
        side = "less" if objective.greatest else "more"
        message = f"the answer is valid, but its value is {brief(value)}: {side} than is allowed"
        return Judgement(accepted=False, reason=Reason.NOT_OPTIMAL, message=message, evidence=evidence)

    def _enough(self, small: Any, large: Any) -> bool:
        """Whether ``small <= factor * large``: exactly for integers, with the tolerance for floats."""
        if isinstance(small, int) and isinstance(large, int):
            return small <= Fraction(str(self.factor)) * large
        limit = self.factor * large
        return bool(small <= limit + max(self.atol, self.rtol * abs(limit)))

    def _names(self) -> dict[str, str]:
        return {role: getattr(self, role) for role in _ROLES if getattr(self, role) is not None}


def _is_list(kind: TypeExpr) -> bool:
    return item_type(kind) in WEIGHTS


def _is_points(kind: TypeExpr) -> bool:
    return is_array(kind, 2) and kind.dtype != "complex128"


_FITS: dict[str, Callable[[TypeExpr], bool]] = {
    "points": _is_points,
    "distances": _is_points,
    "k": lambda kind: kind.name == "int",
    "capacity": lambda kind: kind.name in WEIGHTS,
    "edges": lambda kind: True,  # GraphNames says what edges and nodes are
    "nodes": lambda kind: True,
}
_WANTED = {
    "points": "an array[float64, (n, d)]",
    "distances": "an array[float64, (n, n)]",
    "k": "an int",
    "capacity": "an int or float",
}
