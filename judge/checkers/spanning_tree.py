"""The checker ``spanning_tree``: edges of the input that join all vertices without a cycle, and their weight.

The answer is a list of edges (pairs, or triples with the weight), or of their positions in the input. n - 1 edges
without a cycle span n vertices. Among edges between the same two vertices a pair stands for the best of them. The
expected value is the optimal weight, or None when the graph is not connected, to which the answer is ``[]``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from judge.checkers.certificates import Optimum, as_list, check_flag, item_type, judged, require, require_length, total
from judge.checkers.contract import CaseFacts
from judge.checkers.graphs import GraphNames, Network, UnionFind, check_finite, edge_types, read_pairs
from judge.checkers.structure import DifferenceError
from judge.checkers.tolerances import check_tolerance
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason

Chosen = tuple[int, int, Any]  # the ends, and the weight


@dataclass(frozen=True, kw_only=True, slots=True)
class SpanningTree:
    """Accepts every spanning tree of the optimal weight."""

    name: ClassVar[str] = "spanning_tree"

    edges: str  # the parameter that holds the edges
    nodes: str | None = None  # the parameter that holds the vertices or their number; else the ends of the edges
    base: int = 0  # the first vertex, when they are numbers
    weights: str | None = None  # the parameter that holds the weights, when the edges do not
    greatest: bool = False  # the optimum is the greatest weight
    forest: bool = False  # a tree for each part of a graph that is not connected
    rtol: float = 1e-9  # of a weight that is a float, relative to the optimum
    atol: float = 1e-9  # of a weight that is a float

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        check_flag("greatest", self.greatest)
        check_flag("forest", self.forest)
        check_tolerance("rtol", self.rtol)
        check_tolerance("atol", self.atol)
        self._graph()

    def expected_type(self, signature: Signature) -> TypeExpr:
        """An Optional of the weights' type; raises ValueError when parameters or return type do not fit."""
        vertex, weight = self._graph().types(signature)
        kind = signature.returns
        fits = ((vertex, ""), (vertex, weight), ("int", "int"))
        if item_type(kind) != "int" and (kind.name == "dict" or edge_types(kind) not in fits):
            raise ValueError(f"expected edges such as list[tuple[{vertex}, {vertex}]] or positions, found {kind}")
        return TypeExpr(name="Optional", arguments=(TypeExpr(name=weight),))

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when the greedy tree (Kruskal 1956) has another weight than the expected one."""
        network = self._graph().read(case)
        check_finite(self.weights or self.edges, network.weights)
        joined, taken = UnionFind(network.vertices.count), []
        for at in sorted(range(len(network.weights)), key=network.weights.__getitem__, reverse=self.greatest):
            if joined.join(network.tails[at], network.heads[at]):
                taken.append(network.weights[at])
        best = total(taken) if self.forest or joined.sets <= 1 else None
        agrees = (
            best is None if case.expected is None else best is not None and self._optimum(case).judge(best).accepted
        )
        if not agrees:
            raise ValueError(f"the expected weight is {brief(case.expected)}: the greedy tree has {brief(best)}")

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, not_valid, not_optimal, wrong_value (a tree where there is none) or
        accepted."""
        return judged(lambda: self._verify(case, as_list(answer)))

    def _verify(self, case: CaseFacts, answer: Any) -> Judgement:
        network = self._graph().read(case)
        if case.expected is None:
            require(len(answer) == 0, "edges were returned, but the graph is not connected", Reason.WRONG_VALUE)
            return Judgement(accepted=True)
        wanted = network.vertices.count - (_parts(network) if self.forest else min(1, network.vertices.count))
        require_length(answer, wanted, "the number of edges of such a tree")
        joined, weights = UnionFind(network.vertices.count), []
        for at, (tail, head, weight) in enumerate(self._chosen(network, answer)):
            if not joined.join(tail, head):
                raise DifferenceError(Reason.NOT_VALID, f"answer[{at}] = {brief(answer[at])} closes a cycle")
            weights.append(weight)
        return self._optimum(case).judge(total(weights))

    def _chosen(self, network: Network, answer: Any) -> Iterator[Chosen]:
        """Yields the edges of an answer; raises DifferenceError at the first that is not in the input."""
        if answer and isinstance(answer[0], int):
            return self._by_position(network, answer)
        return self._by_ends(network, read_pairs(answer, len(answer[0]) if answer and len(answer[0]) == 3 else 2))

    def _by_position(self, network: Network, positions: Sequence[int]) -> Iterator[Chosen]:
        for at, position in enumerate(positions):
            if not 0 <= position < len(network.tails):
                message = f"answer[{at}] is {brief(position)}: expected a number from 0 to {len(network.tails) - 1}"
                raise DifferenceError(Reason.NOT_VALID, message)
            yield network.tails[position], network.heads[position], network.weights[position]

    def _by_ends(self, network: Network, rows: Sequence[Any]) -> Iterator[Chosen]:
        known: dict[tuple[int, int], list[Any]] = {}
        for tail, head, weight in zip(network.tails, network.heads, network.weights, strict=True):
            known.setdefault((min(tail, head), max(tail, head)), []).append(weight)
        for at, (row, tail, head) in enumerate(zip(rows, *network.vertices.edges(rows), strict=True)):
            weights = known.get((min(tail, head), max(tail, head)), [])
            if not weights or (len(row) == 3 and row[2] not in weights):
                raise DifferenceError(Reason.NOT_VALID, f"answer[{at}] = {brief(row)} is not in {self.edges}")
            yield tail, head, row[2] if len(row) == 3 else (max if self.greatest else min)(weights)

    def _optimum(self, case: CaseFacts) -> Optimum:
        of = "the weight of the tree"
        return Optimum(of=of, best=case.expected, greatest=self.greatest, rtol=self.rtol, atol=self.atol)

    def _graph(self) -> GraphNames:
        return GraphNames(edges=self.edges, nodes=self.nodes, base=self.base, weights=self.weights, weighted=True)


def _parts(network: Network) -> int:
    joined = UnionFind(network.vertices.count)
    for tail, head in zip(network.tails, network.heads, strict=True):
        joined.join(tail, head)
    return joined.sets
