"""The checker ``colouring``: a colour for each vertex, none shared by neighbours, and not too many colours.

The answer is a list with the colour of each vertex, or a mapping from vertex to colour. Colours are any integers. The
expected value is the greatest number of different colours that is allowed (the chromatic number, say, or 2), or None
when there is no such colouring, to which the answer is empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from judge.checkers.certificates import as_list, item_type, judged, require, require_length
from judge.checkers.contract import CaseFacts
from judge.checkers.graphs import GraphNames, Network
from judge.checkers.structure import DifferenceError
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr, parse_type
from judge.model.verdict import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Colouring:
    """Accepts every proper colouring with as many colours as are allowed, or fewer."""

    name: ClassVar[str] = "colouring"

    edges: str  # the parameter that holds the edges
    nodes: str | None = None  # the parameter that holds the vertices or their number; else the ends of the edges
    base: int = 0  # the first vertex, when they are numbers

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        self._graph()

    def expected_type(self, signature: Signature) -> TypeExpr:
        """An Optional[int]; raises ValueError when parameters or return type do not fit."""
        vertex, _ = self._graph().types(signature)
        kind = signature.returns
        listed = item_type(kind) == "int" and self.nodes is not None
        if not listed and str(kind) != f"dict[{vertex}, int]":
            wanted = f"dict[{vertex}, int]" + ("" if self.nodes is None else " or list[int]")
            raise ValueError(f"expected the return type {wanted}, found {kind}")
        return parse_type("Optional[int]")

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError for a number of colours that cannot be enough: 1 with an edge, 2 with an odd cycle; and
        for none where two are enough."""
        network, colours = self._graph().read(case), case.expected
        if colours is None:
            if not _has_odd_cycle(network):
                raise ValueError("the expected value says that there is no colouring, but two colours are enough")
            return
        loop = next((at for at, tail in enumerate(network.tails) if tail == network.heads[at]), None)
        if loop is not None:
            raise ValueError(f"the expected value is {colours}: edge {loop} joins a vertex to itself")
        least = 3 if _has_odd_cycle(network) else 2 if network.tails else min(1, network.vertices.count)
        if colours < least:
            raise ValueError(f"the expected value is {colours}: at least {least} colours are needed")

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, not_valid, not_optimal, wrong_value (a colouring where there is none) or
        accepted."""
        return judged(lambda: self._verify(case, answer))

    def _verify(self, case: CaseFacts, answer: Any) -> Judgement:
        network = self._graph().read(case)
        if case.expected is None:
            require(len(answer) == 0, "a colouring was returned, but there is none", Reason.WRONG_VALUE)
            return Judgement(accepted=True)
        require_length(answer, network.vertices.count, "a colour for each vertex")
        labels = list(answer) if isinstance(answer, dict) else range(len(answer))
        colours = _by_vertex(network, answer, labels) if isinstance(answer, dict) else as_list(answer)
        for at, (tail, head) in enumerate(zip(network.tails, network.heads, strict=True)):
            if colours[tail] == colours[head]:
                message = f"both ends of {self.edges}[{at}] have the colour {brief(colours[tail])}"
                raise DifferenceError(Reason.NOT_VALID, message)
        count = _distinct(colours)
        message = f"the answer is valid, but it has {count} colours, which is more than needed"
        require(count <= case.expected, message, Reason.NOT_OPTIMAL)
        return Judgement(accepted=True, evidence={"colours": count})

    def _graph(self) -> GraphNames:
        return GraphNames(edges=self.edges, nodes=self.nodes, base=self.base)


def _by_vertex(network: Network, answer: dict[Any, int], labels: Sequence[Any]) -> list[int]:
    """Returns the colours by number of the vertex; as many distinct keys as vertices are all of them."""
    colours = [0] * len(labels)
    for label, number in zip(labels, network.vertices.numbers(labels, "key {} of the answer".format), strict=True):
        colours[number] = answer[label]
    return colours


def _distinct(numbers: Sequence[int]) -> int:
    return sum(first != second for first, second in pairwise(sorted(numbers))) + min(1, len(numbers))


def _has_odd_cycle(network: Network) -> bool:
    """Whether two colours are not enough: a search that gives each vertex the other colour finds a conflict."""
    neighbours: list[list[int]] = [[] for _ in range(network.vertices.count)]
    for tail, head in zip(network.tails, network.heads, strict=True):
        neighbours[tail].append(head)
        neighbours[head].append(tail)
    sides = [-1] * network.vertices.count
    for start in range(network.vertices.count):
        if sides[start] < 0:
            sides[start] = 0
            _spread(start, neighbours, sides)
    return any(sides[tail] == sides[head] for tail, head in zip(network.tails, network.heads, strict=True))


def _spread(start: int, neighbours: list[list[int]], sides: list[int]) -> None:
    waiting = [start]
    for vertex in waiting:
        for other in neighbours[vertex]:
            if sides[other] < 0:
                sides[other] = 1 - sides[vertex]
                waiting.append(other)
