"""The checker ``path``: a cheapest path over edges with weights, judged by its edges and its cost.

The answer is the list of its vertices from source to target; ``[]`` says that there is none, ``[source]`` is the path
of no edges and of cost 0. Between two vertices the cheapest edge counts. The cost is the sum of the weights, or the
largest of them (``cost: max``, the bottleneck). The expected value is the least cost, or None when there is no path.
A list so long that it must take an edge twice in one direction is refused unread: that bounds the time of a check.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
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
    total,
)
from judge.checkers.contract import CaseFacts
from judge.checkers.graphs import GraphNames, Network, check_finite
from judge.checkers.structure import DifferenceError
from judge.checkers.tolerances import check_choice, check_tolerance
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason

_COSTS = ("sum", "max")


@dataclass(frozen=True, kw_only=True, slots=True)
class Path:
    """Accepts every path of the least cost."""

    name: ClassVar[str] = "path"

    edges: str  # the parameter that holds the edges
    source: str  # the parameter that holds the first vertex
    target: str  # the parameter that holds the last vertex
    weights: str | None = None  # the parameter that holds the weights, when the edges do not
    directed: bool = False  # edges are (from, to)
    cost: str = "sum"  # or max: the largest weight on the path
    rtol: float = 1e-9  # of a cost that is a float, relative to the least
    atol: float = 1e-9  # of a cost that is a float

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        check_name("source", self.source)
        check_name("target", self.target)
        check_flag("directed", self.directed)
        check_choice("cost", self.cost, _COSTS)
        check_tolerance("rtol", self.rtol)
        check_tolerance("atol", self.atol)
        self._graph()

    def expected_type(self, signature: Signature) -> TypeExpr:
        """An Optional of the weights' type; raises ValueError when parameters or return type do not fit."""
        vertex, weight = self._graph().types(signature)
        for role, name in (("source", self.source), ("target", self.target)):
            if parameter_type(signature, role, name).name != vertex:
                raise ValueError(f"{name}: expected a vertex of type {vertex}, found another type")
        if item_type(signature.returns) != vertex:
            raise ValueError(f"expected the return type list[{vertex}], found {signature.returns}")
        return TypeExpr(name="Optional", arguments=(TypeExpr(name=weight),))

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError for a negative weight, and when a search (Dijkstra 1959) finds another least cost."""
        network = self._graph().read(case)
        check_finite(self.weights or self.edges, network.weights, negative=False)
        least = self._least(network, case)
        if (least is None) != (case.expected is None):
            raise ValueError(f"the expected cost is {case.expected}: a search finds {least}")
        if least is not None and not self._optimum(case).judge(least).accepted:
            raise ValueError(f"the expected cost is {brief(case.expected)}: a search finds {brief(least)}")

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: not_valid, not_optimal, wrong_value (a path where there is none, or the reverse) or
        accepted."""
        return judged(lambda: self._verify(case, as_list(answer)))

    def _verify(self, case: CaseFacts, walk: Sequence[Any]) -> Judgement:
        network = self._graph().read(case)
        if case.expected is None:
            require(not walk, "a path was returned, but there is none", Reason.WRONG_VALUE)
            return Judgement(accepted=True)
        require(bool(walk), "the answer is empty, but there is a path", Reason.WRONG_VALUE)
        return self._optimum(case).judge(self._cost_of(self._weights_of(network, case, walk)))

    def _weights_of(self, network: Network, case: CaseFacts, walk: Sequence[Any]) -> list[Any]:
        """Returns the weights of the steps of ``walk``; raises DifferenceError for one that is not valid."""
        for at, end in ((0, self.source), (-1, self.target)):
            wanted = argument(case, end)
            where = f"answer[{at % len(walk)}] = {brief(walk[at])}"
            require(
                walk[at] == wanted, f"the path {'ends' if at else 'begins'} at {where}, not at {end} = {brief(wanted)}"
            )
        if len(walk) == 1:
            return []
        most = (1 if self.directed else 2) * len(network.tails) + 1
        require(len(walk) <= most, f"the path has {len(walk)} vertices: it takes an edge twice in one direction")
        cheapest = self._cheapest(network)
        numbers = network.vertices.numbers(walk, "answer[{}]".format)
        for at, step in enumerate(pairwise(numbers)):
            if step not in cheapest:
                message = f"there is no edge from answer[{at}] = {brief(walk[at], 60)} to answer[{at + 1}]"
                raise DifferenceError(Reason.NOT_VALID, f"{message} = {brief(walk[at + 1], 60)}")
        return [cheapest[step] for step in pairwise(numbers)]

    def _cheapest(self, network: Network) -> dict[tuple[int, int], Any]:
        """Returns the least weight by edge, in both directions unless the graph is directed."""
        cheapest: dict[tuple[int, int], Any] = {}
        for tail, head, weight in zip(network.tails, network.heads, network.weights, strict=True):
            for step in ((tail, head),) if self.directed else ((tail, head), (head, tail)):
                cheapest[step] = min(cheapest.get(step, weight), weight)
        return cheapest

    def _cost_of(self, weights: Sequence[Any]) -> Any:
        return total(weights) if self.cost == "sum" else max(weights, default=0)

    def _least(self, network: Network, case: CaseFacts) -> Any:
        """Returns the least cost from source to target; None when there is no path."""
        source, target = argument(case, self.source), argument(case, self.target)
        if source == target:
            return 0
        try:
            start, end = network.vertices.numbers([source, target], "{}".format)
        except DifferenceError:
            return None
        neighbours: list[list[tuple[int, Any]]] = [[] for _ in range(network.vertices.count)]
        for (tail, head), weight in self._cheapest(network).items():
            neighbours[tail].append((head, weight))
        done: set[int] = set()
        queue: list[tuple[Any, int]] = [(0, start)]
        while queue:
            cost, vertex = heapq.heappop(queue)
            if vertex == end:
                return cost
            if vertex not in done:
                done.add(vertex)
                for head, weight in neighbours[vertex]:
                    heapq.heappush(queue, (cost + weight if self.cost == "sum" else max(cost, weight), head))
        return None

    def _optimum(self, case: CaseFacts) -> Optimum:
        of = "the cost of the path"
        return Optimum(of=of, best=case.expected, rtol=self.rtol, atol=self.atol)

    def _graph(self) -> GraphNames:
        return GraphNames(edges=self.edges, weights=self.weights, weighted=True)
