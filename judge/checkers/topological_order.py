"""The checker ``topological_order``: any order of the vertices in which no edge leads back.

The answer is verified edge by edge. The expected value is one such order; an empty list (or None, for an Optional)
declares that there is none because of a cycle, and then it is the only answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from judge.checkers.certificates import as_list, check_flag, item_type, judged, require
from judge.checkers.contract import CaseFacts
from judge.checkers.graphs import GraphNames, Network
from judge.checkers.structure import DifferenceError
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class TopologicalOrder:
    """Accepts every order that the edges allow."""

    name: ClassVar[str] = "topological_order"

    edges: str  # the parameter that holds the edges: (before, after)
    nodes: str | None = None  # the parameter that holds the vertices or their number; else the ends of the edges
    base: int = 0  # the first vertex, when they are numbers
    reverse: bool = False  # edges are (after, before): what is needed comes second

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        check_flag("reverse", self.reverse)
        self._graph()

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The return type; raises ValueError when it is no list of vertices, or the parameters do not fit."""
        vertex, _ = self._graph().types(signature)
        kind = signature.returns
        if item_type(kind.arguments[0] if kind.name == "Optional" else kind) != vertex:
            raise ValueError(f"expected the return type list[{vertex}] or Optional[list[{vertex}]], found {kind}")
        return kind

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when the expected order is not valid, or a cycle is declared where there is none."""
        network = self._graph().read(case)
        if _is_none(case.expected) and network.vertices.count:
            if not _has_cycle(network):
                raise ValueError("the expected value declares a cycle, but there is none")
            return
        judgement = self.check(case, case.expected)
        if not judgement.accepted:
            raise ValueError(f"the expected value is not accepted as an answer: {judgement.message}")

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, not_valid, wrong_value (an order where there is none, or the reverse) or
        accepted."""
        return judged(lambda: self._verify(case, answer))

    def _verify(self, case: CaseFacts, answer: Any) -> Judgement:
        network = self._graph().read(case)
        if _is_none(case.expected) and network.vertices.count:
            require(_is_none(answer), "an order was returned, but the edges have a cycle", Reason.WRONG_VALUE)
            require(
                (answer is None) == (case.expected is None), "the answer is not that for a cycle", Reason.WRONG_VALUE
            )
            return Judgement(accepted=True)
        none = answer is None or (len(answer) == 0 < network.vertices.count)
        require(not none, "the answer says that there is no order, but there is one", Reason.WRONG_VALUE)
        self._check_order(network, as_list(answer))
        return Judgement(accepted=True)

    def _check_order(self, network: Network, order: Sequence[Any]) -> None:
        ranks = [0] * network.vertices.count
        for rank, number in enumerate(network.vertices.once_each(order)):
            ranks[number] = rank
        befores, afters = (network.heads, network.tails) if self.reverse else (network.tails, network.heads)
        for before, after in zip(befores, afters, strict=True):
            if ranks[before] >= ranks[after]:
                first, second = ranks[before], ranks[after]
                where = f"answer[{first}] = {brief(order[first], 60)} must come before answer[{second}]"
                raise DifferenceError(Reason.NOT_VALID, f"{where} = {brief(order[second], 60)}")

    def _graph(self) -> GraphNames:
        return GraphNames(edges=self.edges, nodes=self.nodes, base=self.base)


def _is_none(order: Any) -> bool:
    return order is None or len(order) == 0


def _has_cycle(network: Network) -> bool:
    """Whether vertices are left after taking away, again and again, those to which no edge leads (Kahn 1962)."""
    followers: list[list[int]] = [[] for _ in range(network.vertices.count)]
    waiting = [0] * network.vertices.count
    for tail, head in zip(network.tails, network.heads, strict=True):
        followers[tail].append(head)
        waiting[head] += 1
    free = [number for number, count in enumerate(waiting) if not count]
    for number in free:
        for follower in followers[number]:
            waiting[follower] -= 1
            if not waiting[follower]:
                free.append(follower)
    return len(free) < network.vertices.count
