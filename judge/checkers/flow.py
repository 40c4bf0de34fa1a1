"""The checker ``flow``: a flow on each edge, within its capacity and conserved, and its value.

The answer has a number for each edge of the input, in its order: from 0 to the edge's capacity. At every vertex but
source and target as much flows in as out; the value is what flows out of the source less what flows into it. Integers
are exact. Floats may miss a capacity or a balance by ``max(atol, rtol * best)``, where best is the greatest value, the
expected one: not a capacity, for an edge of capacity 10^12 that stands for "without limit" would forgive everything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from judge.checkers.certificates import (
    Optimum,
    argument,
    as_list,
    check_name,
    item_type,
    judged,
    parameter_type,
    require_length,
    total,
)
from judge.checkers.contract import CaseFacts
from judge.checkers.graphs import GraphNames, Network, check_finite
from judge.checkers.solvers import greatest_flow
from judge.checkers.structure import DifferenceError
from judge.checkers.tolerances import check_tolerance
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """Accepts every flow of the greatest value."""

    name: ClassVar[str] = "flow"

    edges: str  # the parameter that holds the edges: (from, to, capacity)
    source: str  # the parameter that holds the vertex where the flow begins
    target: str  # the parameter that holds the vertex where it ends
    nodes: str | None = None  # the parameter that holds the vertices or their number; else the ends of the edges
    base: int = 0  # the first vertex, when they are numbers
    weights: str | None = None  # the parameter that holds the capacities, when the edges do not
    rtol: float = 1e-9  # of floats: relative to the optimum
    atol: float = 1e-9  # of floats

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        check_name("source", self.source)
        check_name("target", self.target)
        check_tolerance("rtol", self.rtol)
        check_tolerance("atol", self.atol)
        self._graph()

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The type of the capacities; raises ValueError when parameters or return type do not fit."""
        vertex, weight = self._graph().types(signature)
        for role, name in (("source", self.source), ("target", self.target)):
            kind = parameter_type(signature, role, name)
            if kind.name != vertex:
                raise ValueError(f"{name}: expected a vertex of type {vertex}, found {kind}")
        if parameter_type(signature, "edges", self.edges).name == "dict":
            raise ValueError(f"{self.edges}: expected a list of edges, for they have an order")
        if item_type(signature.returns) != weight:
            raise ValueError(f"expected the return type list[{weight}], found {signature.returns}")
        return TypeExpr(name=weight)

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError for a capacity that is negative or not finite, and for a value that is below 0 or above
        what can leave the source or reach the target; with small integers, when another algorithm finds another."""
        network = self._graph().read(case)
        check_finite(self.weights or self.edges, network.weights, negative=False)
        check_finite("the expected value", [case.expected])
        if argument(case, self.source) == argument(case, self.target):
            raise ValueError(f"{self.source} and {self.target}: expected two vertices, found one")
        source, target = self._ends(network, case)
        joined = list(zip(network.tails, network.heads, network.weights, strict=True))
        out = total([weight for tail, head, weight in joined if tail == source != head])
        into = total([weight for tail, head, weight in joined if head == target != tail])
        most = min(out, into)
        if case.expected < 0 or (case.expected > most and not self._optimum(case, most).judge(case.expected).accepted):
            raise ValueError(f"the expected value is {brief(case.expected)}: expected 0 to {brief(most)}")
        best = greatest_flow(network, source, target)
        if best is not None and best != case.expected:
            raise ValueError(f"the expected value is {case.expected}: another algorithm finds {best}")

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, not_finite, not_valid, not_optimal or accepted."""
        return judged(lambda: self._verify(case, answer))

    def _verify(self, case: CaseFacts, answer: Any) -> Judgement:
        network = self._graph().read(case)
        require_length(answer, len(network.tails), "the flow on each edge")
        flows = as_list(answer)
        best = case.expected
        self._check_capacities(network, flows, best)
        source, target = self._ends(network, case)
        balances = _balances(network, flows)
        for vertex, balance in enumerate(balances):
            if vertex not in (source, target) and abs(balance) > self._slack(balance, best):
                more = "out" if balance > 0 else "in"
                where = f"vertex {brief(self._label(network, vertex))}"
                raise DifferenceError(Reason.NOT_VALID, f"at {where} {brief(abs(balance))} more flows {more}")
        slack = sum(self._slack(number, best) for number in [*flows, *balances])
        return self._optimum(case, best).judge(balances[source], slack)

    def _check_capacities(self, network: Network, flows: Sequence[Any], best: Any) -> None:
        for at, (flow, capacity) in enumerate(zip(flows, network.weights, strict=True)):
            if isinstance(flow, float) and not math.isfinite(flow):
                raise DifferenceError(Reason.NOT_FINITE, f"answer[{at}] is {flow}: expected a finite number")
            slack = self._slack(flow, best)
            if not -slack <= flow <= capacity + slack:
                where = f"the flow answer[{at}] = {brief(flow)} on {self.edges}[{at}]"
                raise DifferenceError(Reason.NOT_VALID, f"{where} is not from 0 to the capacity {brief(capacity)}")

    def _slack(self, number: Any, best: Any) -> Any:
        return max(self.atol, self.rtol * best) if isinstance(number, float) else 0

    def _ends(self, network: Network, case: CaseFacts) -> tuple[int, int]:
        labels = [argument(case, self.source), argument(case, self.target)]
        try:
            source, target = network.vertices.numbers(labels, lambda at: (self.source, self.target)[at])
        except DifferenceError as error:
            raise ValueError(str(error)) from None
        return source, target

    def _label(self, network: Network, vertex: int) -> Any:
        places = network.vertices.places
        return vertex + self.base if places is None else next(label for label in places if places[label] == vertex)

    def _optimum(self, case: CaseFacts, best: Any) -> Optimum:
        return Optimum(of="the value of the flow", best=best, greatest=True, rtol=self.rtol, atol=self.atol)

    def _graph(self) -> GraphNames:
        return GraphNames(edges=self.edges, nodes=self.nodes, base=self.base, weights=self.weights, weighted=True)


def _balances(network: Network, flows: Sequence[Any]) -> list[Any]:
    """Returns what flows out less what flows in, by vertex."""
    signed: list[list[Any]] = [[] for _ in range(network.vertices.count)]
    for tail, head, flow in zip(network.tails, network.heads, flows, strict=True):
        signed[tail].append(flow)
        signed[head].append(-flow)
    return list(map(total, signed))
