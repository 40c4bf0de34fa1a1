"""Graphs as the case's arguments describe them, with vertices as the numbers 0, 1, 2 ...

Edges are an argument of one of these types, V being ``int`` or ``str`` and W ``int`` or ``float``:

=========================================== =========================================================================
type                                        what it holds
=========================================== =========================================================================
``list[tuple[V, V]]``                       pairs
``list[tuple[V, V, W]]``                    pairs with a weight (a cost, a capacity)
``list[list[int]]``                         pairs, or triples where a weight is needed
``array[int64, (m, 2)]``, or ``(m, 3)``     the same; ``int32`` too
``dict[V, list[V]]``                        neighbours by vertex
=========================================== =========================================================================

Weights may also stand in an argument of their own, a list or array with one for each edge. The vertices are 0 to n-1
(or 1 to n, with ``base`` 1) for an argument n, or the elements of an argument that is a list, or, when no argument
names them, the ends of the edges.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judge.checkers.certificates import argument, as_list, check_name, item_type, parameter_type, require_length
from judge.checkers.contract import CaseFacts
from judge.checkers.structure import DifferenceError
from judge.model.conform import brief
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason

LABELS = ("int", "str")
WEIGHTS = ("int", "float")


@dataclass(frozen=True, kw_only=True, slots=True)
class Vertices:
    """The vertices: ``count`` integers from ``base``, or the keys of ``places``."""

    count: int
    base: int = 0
    places: Mapping[Any, int] | None = None  # the author's labels, numbered

    def numbers(self, labels: Sequence[Any], where: Callable[[int], str]) -> list[int]:
        """Returns the numbers of ``labels``; raises DifferenceError at the first that is no vertex."""
        if self.places is None:
            low, high = self.base, self.base + self.count
            if not labels or (low <= min(labels) and max(labels) < high):
                return [label - low for label in labels] if low else list(labels)
            at = next(at for at, label in enumerate(labels) if not low <= label < high)
            message = f"{where(at)} is {brief(labels[at])}: expected a number from {low} to {high - 1}"
            raise DifferenceError(Reason.NOT_VALID, message)
        found = list(map(self.places.get, labels))
        numbers = [number for number in found if number is not None]
        if len(numbers) < len(found):
            at = found.index(None)
            raise DifferenceError(Reason.NOT_VALID, f"{where(at)} is {brief(labels[at])}, which is not in the input")
        return numbers

    def edges(self, rows: Sequence[Any], name: str = "answer") -> tuple[list[int], list[int]]:
        """Returns the first and the second ends of ``rows``; raises DifferenceError at the first that is no vertex."""
        tails = self.numbers([row[0] for row in rows], (name + "[{}][0]").format)
        return tails, self.numbers([row[1] for row in rows], (name + "[{}][1]").format)

    def once_each(self, labels: Sequence[Any]) -> list[int]:
        """Returns the numbers of an answer that holds every vertex once; raises DifferenceError for another."""
        require_length(labels, self.count, "each vertex once")
        numbers = self.numbers(labels, "answer[{}]".format)
        check_distinct(numbers, self.count, "answer[{}]".format, labels)
        return numbers


def check_distinct(numbers: Sequence[int], count: int, where: Callable[[int], str], labels: Sequence[Any]) -> None:
    """Raises DifferenceError at the first of ``numbers`` (0 to count - 1) that occurs again."""
    seen: list[int] = [-1] * count
    for at, number in enumerate(numbers):
        if seen[number] >= 0:
            message = f"{where(at)} is {brief(labels[at])}, and so is {where(seen[number])}"
            raise DifferenceError(Reason.NOT_VALID, message)
        seen[number] = at


@dataclass(frozen=True, kw_only=True, slots=True)
class Network:
    """A graph: edge ``i`` leads from ``tails[i]`` to ``heads[i]``."""

    vertices: Vertices
    tails: list[int]
    heads: list[int]
    weights: list[Any]  # empty when there are none


@dataclass(frozen=True, kw_only=True, slots=True)
class GraphNames:
    """Where a case's graph is."""

    edges: str
    nodes: str | None = None  # None: the vertices are the ends of the edges
    base: int = 0  # the number of the first vertex, when ``nodes`` is their count
    weights: str | None = None  # None: in the edges
    weighted: bool = False  # there are weights

    def __post_init__(self) -> None:
        check_name("edges", self.edges)
        check_name("nodes", self.nodes, optional=True)
        check_name("weights", self.weights, optional=True)
        if type(self.base) is not int or self.base not in (0, 1):
            raise ValueError(f"base: expected 0 or 1, found {brief(self.base)}")

    def types(self, signature: Signature) -> tuple[str, str]:
        """Returns the types of vertices and weights ("" without); raises ValueError when the parameters do not fit."""
        kind = parameter_type(signature, "edges", self.edges)
        vertex, weight = edge_types(kind)
        if not vertex:
            raise ValueError(f"{self.edges}: expected edges such as list[tuple[int, int]], found {kind}")
        if self.nodes is not None:
            nodes = parameter_type(signature, "nodes", self.nodes)
            if not (nodes.name == vertex == "int" or item_type(nodes) == vertex):
                raise ValueError(f"{self.nodes}: expected the number or the list of the vertices, found {nodes}")
        return vertex, self._weight_type(signature, weight) if self.weighted else ""

    def _weight_type(self, signature: Signature, weight: str) -> str:
        if self.weights is not None:
            kind = parameter_type(signature, "weights", self.weights)
            weight = item_type(kind)
            if weight not in WEIGHTS:
                raise ValueError(f"{self.weights}: expected a list of int or float, found {kind}")
        if not weight:
            raise ValueError(f"{self.edges}: expected edges with a weight, such as list[tuple[int, int, float]]")
        return weight

    def read(self, case: CaseFacts) -> Network:
        """Returns the graph; raises ValueError for an edge of another length or end, and a weight that is not
        finite."""
        rows = _rows(argument(case, self.edges))
        inside = self.weighted and self.weights is None
        for at, row in enumerate(rows):
            if len(row) < 2 + inside or (len(row) > 3):
                raise ValueError(f"{self.edges}[{at}]: expected {2 + inside} members, found {len(row)}")
        vertices = self._vertices(case, rows)
        try:
            tails, heads = vertices.edges(rows, self.edges)
        except DifferenceError as error:
            raise ValueError(str(error)) from None
        weights = [row[2] for row in rows] if inside else self._weights(case, len(rows))
        return Network(vertices=vertices, tails=tails, heads=heads, weights=weights)

    def _weights(self, case: CaseFacts, count: int) -> list[Any]:
        if self.weights is None:
            return []
        weights: list[Any] = as_list(argument(case, self.weights))
        if len(weights) != count:
            raise ValueError(f"{self.weights}: expected {count} numbers, one for each edge, found {len(weights)}")
        return weights

    def _vertices(self, case: CaseFacts, rows: Sequence[Any]) -> Vertices:
        if self.nodes is None:
            ends = dict.fromkeys(end for row in rows for end in row[:2])
            return Vertices(count=len(ends), places={label: at for at, label in enumerate(ends)})
        return read_vertices(case, self.nodes, self.base)


def read_vertices(case: CaseFacts, nodes: str, base: int) -> Vertices:
    """Returns the vertices that the argument ``nodes`` counts or lists; raises ValueError for one listed twice."""
    named = as_list(argument(case, nodes))
    if isinstance(named, int):
        if named < 0:
            raise ValueError(f"{nodes}: expected a number of vertices, found {named}")
        return Vertices(count=named, base=base)
    places = {label: at for at, label in enumerate(named)}
    if len(places) < len(named):
        raise ValueError(f"{nodes}: expected each vertex once, found {len(named) - len(places)} again")
    return Vertices(count=len(named), places=places)


def check_finite(name: str, numbers: Sequence[Any], *, negative: bool = True) -> None:
    """Raises ValueError at the first of an argument's numbers that is NaN, infinite or, unless allowed, negative."""
    for at, number in enumerate(numbers):
        if isinstance(number, float) and not math.isfinite(number):
            raise ValueError(f"{name}: expected finite numbers, found {number} for number {at}")
        if not negative and number < 0:
            raise ValueError(f"{name}: expected numbers of at least 0, found {brief(number)} for number {at}")


class UnionFind:
    """Sets of numbers that are joined: near-linear, by halving paths and joining the smaller to the larger."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))
        self._sizes = [1] * count
        self.sets = count

    def find(self, number: int) -> int:
        """Returns the representative of the set of ``number``."""
        parents = self._parents
        while parents[number] != number:
            parents[number] = number = parents[parents[number]]
        return number

    def join(self, first: int, second: int) -> bool:
        """Joins two sets; returns whether they were two."""
        low, high = sorted((self.find(first), self.find(second)), key=self._sizes.__getitem__)
        if low == high:
            return False
        self._parents[low] = high
        self._sizes[high] += self._sizes[low]
        self.sets -= 1
        return True


def edge_types(kind: TypeExpr) -> tuple[str, str]:
    """Returns the types of vertices and weights ("" without) of edges of type ``kind``; two "" for another type."""
    if kind.name == "dict":
        vertex = kind.arguments[0].name
        return (vertex, "") if vertex in LABELS and item_type(kind.arguments[1]) == vertex else ("", "")
    if kind.name == "array":
        columns = kind.shape[1] if kind.shape is not None and len(kind.shape) == 2 else None
        return (
            ("int", "int" if columns == 3 else "") if kind.dtype.startswith("int") and columns in (2, 3) else ("", "")
        )
    if str(kind) == "list[list[int]]":
        return "int", "int"
    members = [str(member) for member in kind.arguments[0].arguments] if kind.name == "list" else []
    fits = len(members) in (2, 3) and members[0] == members[1] in LABELS and kind.arguments[0].name == "tuple"
    if not fits or (len(members) == 3 and members[2] not in WEIGHTS):
        return "", ""
    return members[0], members[2] if len(members) == 3 else ""


def read_pairs(answer: Any, width: int = 2) -> Sequence[Any]:
    """Returns the pairs (or triples) of an answer; raises DifferenceError at the first of another length."""
    rows: Sequence[Any] = list(answer.items()) if isinstance(answer, dict) else as_list(answer)
    at = next((at for at, row in enumerate(rows) if len(row) != width), None)
    if at is not None:
        message = f"answer[{at}] has {len(rows[at])} members: expected {width}"
        raise DifferenceError(Reason.WRONG_SHAPE, message)
    return rows


def _rows(edges: Any) -> Sequence[Any]:
    if isinstance(edges, dict):
        return [(tail, head) for tail, heads in edges.items() for head in as_list(heads)]
    rows: Sequence[Any] = as_list(edges)
    return rows
