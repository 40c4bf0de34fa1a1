"""The checker ``matching``: pairs of allowed partners in which nobody occurs twice, and their number or weight.

The answer is a list of pairs, or a mapping from left to right. By default the two members of an edge come from separate
name spaces, left and right; otherwise all vertices are of one, and a pair may stand in either order. The expected value
is the greatest number of pairs, or with ``weighted`` the greatest sum of weights; among edges between the same two
vertices the heaviest counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from judge.checkers.certificates import Optimum, check_flag, judged, require, total
from judge.checkers.contract import CaseFacts
from judge.checkers.graphs import GraphNames, Network, check_distinct, check_finite, edge_types, read_pairs
from judge.checkers.solvers import greatest_matching, heaviest_matching
from judge.checkers.structure import DifferenceError
from judge.checkers.tolerances import check_tolerance
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Matching:
    """Accepts every matching of the greatest size or weight."""

    name: ClassVar[str] = "matching"

    edges: str  # the parameter that holds the allowed pairs
    weights: str | None = None  # the parameter that holds the weights, when the edges do not
    weighted: bool = False  # the optimum is a sum of weights, else a number of pairs
    bipartite: bool = True  # pairs are (left, right), of separate name spaces
    rtol: float = 1e-9  # of a sum of floats, relative to the optimum
    atol: float = 1e-9  # of a sum of floats

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range and for parameters that contradict each other."""
        check_flag("weighted", self.weighted)
        check_flag("bipartite", self.bipartite)
        check_tolerance("rtol", self.rtol)
        check_tolerance("atol", self.atol)
        if self.weights is not None and not self.weighted:
            raise ValueError(f"weights: expected them with 'weighted: true' only, found {brief(self.weights)}")
        self._graph()

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The type of the optimum; raises ValueError when parameters or return type do not fit."""
        vertex, weight = self._graph().types(signature)
        kind = signature.returns
        mapping = self.bipartite and str(kind) == f"dict[{vertex}, {vertex}]"
        if not mapping and (kind.name == "dict" or edge_types(kind) not in ((vertex, ""), ("int", "int"))):
            raise ValueError(f"expected pairs such as list[tuple[{vertex}, {vertex}]], found {kind}")
        return TypeExpr(name=weight or "int")

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when the expected value is not the optimum of another algorithm, where there is one, or
        is one that no matching can have."""
        network = self._graph().read(case)
        check_finite(self.weights or self.edges, network.weights)
        most = total([max(weight, 0) for weight in network.weights]) if self.weighted else network.vertices.count // 2
        if not case.expected >= 0 or (not self.bipartite and case.expected > most):
            raise ValueError(f"the expected value is {brief(case.expected)}: expected 0 to {brief(most)}")
        if self.bipartite:
            best = heaviest_matching(network) if self.weighted else greatest_matching(network)
            if best is not None and not self._optimum(case).judge(best).accepted:
                raise ValueError(f"the expected value is {brief(case.expected)}: another algorithm finds {brief(best)}")

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, not_valid, not_optimal or accepted."""
        return judged(lambda: self._verify(case, answer))

    def _verify(self, case: CaseFacts, answer: Any) -> Judgement:
        network = self._graph().read(case)
        count = network.vertices.count
        most = count if self.bipartite else count // 2
        message = f"the answer has {len(answer)} pairs, more than the {count} vertices allow"
        require(len(answer) <= most, message)
        rows = read_pairs(answer)
        lefts, rights = network.vertices.edges(rows)
        self._check_once(lefts, rights, rows, count)
        chosen = self._weights(network, list(zip(lefts, rights, strict=True)), rows)
        return self._optimum(case).judge(total(chosen) if self.weighted else len(chosen))

    def _check_once(self, lefts: list[int], rights: list[int], rows: Sequence[Any], count: int) -> None:
        if self.bipartite:
            check_distinct(lefts, count, "answer[{}][0]".format, [row[0] for row in rows])
            check_distinct(rights, count, "answer[{}][1]".format, [row[1] for row in rows])
        else:
            both = [end for pair in zip(lefts, rights, strict=True) for end in pair]
            labels = [end for row in rows for end in row]
            check_distinct(both, count, lambda at: f"answer[{at // 2}][{at % 2}]", labels)

    def _weights(self, network: Network, pairs: list[tuple[int, int]], rows: Sequence[Any]) -> list[Any]:
        """Returns the weights of ``pairs``, 1 without; raises DifferenceError at the first that is not allowed."""
        known: dict[tuple[int, int], Any] = {}
        weights = network.weights or [1] * len(network.tails)
        for tail, head, weight in zip(network.tails, network.heads, weights, strict=True):
            for pair in ((tail, head),) if self.bipartite else ((tail, head), (head, tail)):
                known[pair] = max(known.get(pair, weight), weight)
        at = next((at for at, pair in enumerate(pairs) if pair not in known), None)
        if at is not None:
            raise DifferenceError(Reason.NOT_VALID, f"answer[{at}] = {brief(rows[at])} is not in {self.edges}")
        return [known[pair] for pair in pairs]

    def _optimum(self, case: CaseFacts) -> Optimum:
        of = "its weight" if self.weighted else "its number of pairs"
        return Optimum(of=of, best=case.expected, greatest=True, rtol=self.rtol, atol=self.atol)

    def _graph(self) -> GraphNames:
        return GraphNames(edges=self.edges, weights=self.weights, weighted=self.weighted)
