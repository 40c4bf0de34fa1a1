"""The checker ``graph``: structures on a graph that the case's arguments describe, judged by certificate and optimum.

An answer is not compared with one known answer: it is verified step by step against the edges, and then measured
against the optimum, which is all that the expected value holds. Any optimal answer is accepted.

``shortest_path``: the answer is a walk, the list of its vertices from source to target; ``[]`` says that there is
none, and ``[source]`` is the walk of no edges. The expected value is the least number of edges, -1 when the target
cannot be reached. In a bipartite graph the two members of an edge come from separate name spaces, left and right: the
walk begins and ends on the left and its vertices alternate, so the vertex 3 at an even position is not the vertex 3 at
an odd one. Verifying costs one pass over the edges and one over the answer, up to its first step that is not an edge.

A further structure is a further ``Structure`` in ``STRUCTURES``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, ClassVar

from judge.checkers.contract import CaseFacts
from judge.checkers.tolerances import check_choice
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason

Edge = tuple[Any, Any]
_VERTICES = ("int", "str")


@dataclass(frozen=True, kw_only=True, slots=True)
class Graph:
    """Accepts any structure that the edges certify and that is as good as the optimum."""

    name: ClassVar[str] = "graph"

    structure: str  # a key of STRUCTURES
    edges: str  # the parameter that holds the edges: pairs; one that occurs twice counts once
    source: str  # the parameter that holds the first vertex
    target: str  # the parameter that holds the last vertex
    bipartite: bool = False  # pairs are (left, right), of separate name spaces; source and target are on the left
    directed: bool = False  # pairs are (from, to)

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range and for parameters that contradict each other."""
        check_choice("structure", self.structure, tuple(STRUCTURES))
        names: list[Any] = [self.edges, self.source, self.target]
        for role, name in zip(("edges", "source", "target"), names, strict=True):
            if not isinstance(name, str) or names.count(name) > 1:
                raise ValueError(f"{role}: expected the name of a parameter of its own, found {brief(name)}")
        for flag in ("bipartite", "directed"):
            if not isinstance(getattr(self, flag), bool):
                raise ValueError(f"{flag}: expected true or false, found {brief(getattr(self, flag))}")
        if self.bipartite and self.directed:
            raise ValueError("expected bipartite or directed, found both")

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The type of the optimum; raises ValueError when parameters or return type do not fit the structure."""
        return STRUCTURES[self.structure].expected_type(self, signature)

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when the expected value is not the optimum that the checker's own search finds."""
        STRUCTURES[self.structure].check_key(self, case)

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: not_valid, not_optimal, wrong_value or accepted.

        The reason ``checker`` says that the answer proves the expected value wrong: a fault of the author's, which a
        case that has passed ``check_key`` cannot have.
        """
        return STRUCTURES[self.structure].check(self, case, answer)


@dataclass(frozen=True, kw_only=True, slots=True)
class Structure:
    """What the checker does for one kind of answer."""

    expected_type: Callable[[Graph, Signature], TypeExpr]
    check_key: Callable[[Graph, CaseFacts], None]
    check: Callable[[Graph, CaseFacts, Any], Judgement]


# --- shortest_path ------------------------------------------------------------------------------------------------


def _path_type(graph: Graph, signature: Signature) -> TypeExpr:
    types = {parameter.name: parameter.type for parameter in signature.parameters}
    for role, name in (("edges", graph.edges), ("source", graph.source), ("target", graph.target)):
        if name not in types:
            raise ValueError(f"{role}: expected one of {', '.join(types) or 'no parameters'}, found {name!r}")
    vertex = next((kind for kind in _VERTICES if str(types[graph.edges]) == f"list[tuple[{kind}, {kind}]]"), None)
    if vertex is None:
        wanted = " or ".join(f"list[tuple[{kind}, {kind}]]" for kind in _VERTICES)
        raise ValueError(f"{graph.edges}: expected edges of type {wanted}, found {types[graph.edges]}")
    for name in (graph.source, graph.target):
        if str(types[name]) != vertex:
            raise ValueError(f"{name}: expected a vertex of type {vertex}, found {types[name]}")
    if str(signature.returns) != f"list[{vertex}]":
        raise ValueError(f"expected the return type list[{vertex}], found {signature.returns}")
    return TypeExpr(name="int")


def _check_path_key(graph: Graph, case: CaseFacts) -> None:
    for name in (graph.edges, graph.source, graph.target):
        if name not in case.arguments:
            raise ValueError(f"expected the argument {name!r}, found {', '.join(case.arguments) or 'none'}")
    optimum = _shortest_length(graph, case)
    if case.expected != optimum:
        raise ValueError(f"the expected number of edges is {case.expected}: a breadth-first search finds {optimum}")


def _check_path(graph: Graph, case: CaseFacts, walk: Sequence[Any]) -> Judgement:
    optimum: int = case.expected
    if not walk:
        return _accepted(0) if optimum < 0 else _refused(Reason.WRONG_VALUE, "the answer is empty, but there is a path")
    defect = _first_defect(graph, case.arguments, walk)
    length = len(walk) - 1
    if defect is not None:
        if optimum < 0:
            return _refused(Reason.WRONG_VALUE, f"there is no path, and this is none: {defect}")
        return _refused(Reason.NOT_VALID, defect)
    if length < optimum or optimum < 0:
        message = f"the expected value is wrong: a valid path of {length} edges was returned"
        return _refused(Reason.CHECKER, message, edges=length)
    if length > optimum:
        message = f"the answer is a valid path of {length} edges, but not a shortest one"
        return _refused(Reason.NOT_OPTIMAL, message, edges=length)
    return _accepted(length)


def _first_defect(graph: Graph, arguments: Mapping[str, Any], walk: Sequence[Any]) -> str | None:
    source, target = arguments[graph.source], arguments[graph.target]
    if walk[0] != source:
        return f"the walk begins at answer[0] = {brief(walk[0])}, not at {graph.source} = {brief(source)}"
    if graph.bipartite and len(walk) % 2 == 0:
        return f"the walk has {len(walk)} vertices: one that begins and ends on the same side has an odd number"
    if walk[-1] != target:
        return f"the walk ends at answer[{len(walk) - 1}] = {brief(walk[-1])}, not at {graph.target} = {brief(target)}"
    step = _first_missing(graph, arguments[graph.edges], walk)
    if step is None:
        return None
    ends = f"answer[{step}] = {brief(walk[step], 60)} and answer[{step + 1}] = {brief(walk[step + 1], 60)}"
    return f"step {step + 1} of the walk is not an edge: {ends}"


def _first_missing(graph: Graph, edges: list[Edge], walk: Sequence[Any]) -> int | None:
    """Returns the position where the first step that is not an edge begins; None when all are edges."""
    known = set(edges)
    if graph.bipartite:
        left, right = walk[::2], walk[1::2]
        there_and_back = zip(zip(left[:-1], right, strict=True), zip(left[1:], right, strict=True), strict=True)
        return _first_outside(chain.from_iterable(there_and_back), known)
    if not graph.directed:
        known.update((head, tail) for tail, head in edges)
    return _first_outside(pairwise(walk), known)


def _first_outside(steps: Iterable[Edge], known: set[Edge]) -> int | None:
    return next((at for at, step in enumerate(steps) if step not in known), None)


def _shortest_length(graph: Graph, case: CaseFacts) -> int:
    """Returns the least number of edges from source to target by breadth-first search, -1 when there is no path."""
    edges, source, target = (case.arguments[name] for name in (graph.edges, graph.source, graph.target))
    neighbours = _neighbours(graph, edges)
    left: set[Any] = {source}
    seen = (left, set[Any]() if graph.bipartite else left)
    frontier, length = [source], 0
    while frontier and target not in left:
        length += 1
        frontier = _next_frontier(frontier, neighbours[(length - 1) % 2], seen[length % 2])
    return length if target in left else -1


def _next_frontier(frontier: list[Any], neighbours: dict[Any, list[Any]], seen: set[Any]) -> list[Any]:
    following = []
    for vertex in frontier:
        for neighbour in neighbours.get(vertex, ()):
            if neighbour not in seen:
                seen.add(neighbour)
                following.append(neighbour)
    return following


def _neighbours(graph: Graph, edges: list[Edge]) -> tuple[dict[Any, list[Any]], dict[Any, list[Any]]]:
    """Returns the neighbours that a step from an even and from an odd position of a walk can reach."""
    even: dict[Any, list[Any]] = {}
    odd: dict[Any, list[Any]] = {} if graph.bipartite else even
    for tail, head in edges:
        even.setdefault(tail, []).append(head)
        if not graph.directed:
            odd.setdefault(head, []).append(tail)
    return even, odd


def _accepted(length: int) -> Judgement:
    return Judgement(accepted=True, evidence={"edges": length})


def _refused(reason: Reason, message: str, **evidence: int) -> Judgement:
    return Judgement(accepted=False, reason=reason, message=message, evidence=evidence)


STRUCTURES: dict[str, Structure] = {
    "shortest_path": Structure(expected_type=_path_type, check_key=_check_path_key, check=_check_path),
}
