"""The checker ``tree``: a tree on given vertices, or a forest of as many trees as the expected one.

The answer is a list of edges, or a list with the parent of each of the vertices 0 to n-1 (a root has the parent -1 or
itself; with base 1: 1 to n, and 0 or itself). Edges in either form must be those of the input, when a parameter names
them, in either direction. n vertices, n - t edges and no cycle make t trees. The expected value is one such answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from judge.checkers.certificates import (
    as_list,
    check_flag,
    check_name,
    item_type,
    judged,
    parameter_type,
    require,
    require_length,
)
from judge.checkers.contract import CaseFacts
from judge.checkers.graphs import GraphNames, UnionFind, Vertices, edge_types, read_pairs, read_vertices
from judge.checkers.structure import DifferenceError
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason

Pairs = list[tuple[int, int]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tree:
    """Accepts every tree, or every forest of as many trees."""

    name: ClassVar[str] = "tree"

    nodes: str  # the parameter that holds the vertices or their number
    base: int = 0  # the first vertex, when they are numbers
    edges: str | None = None  # the parameter that holds the edges to choose from; else any pair is an edge
    root: str | None = None  # the parameter that holds the vertex that must be a root; for a list of parents
    forest: bool = False  # as many trees as the expected answer has; else one

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        GraphNames(edges=self.edges or self.nodes, nodes=self.nodes, base=self.base)
        check_name("edges", self.edges, optional=True)
        check_name("root", self.root, optional=True)
        check_flag("forest", self.forest)

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The return type; raises ValueError when it is neither edges nor parents, or the parameters do not fit."""
        nodes, kind = parameter_type(signature, "nodes", self.nodes), signature.returns
        vertex = "int" if nodes.name == "int" else item_type(nodes)
        parents = item_type(kind) == "int" == nodes.name
        if not parents and (kind.name == "dict" or edge_types(kind) not in ((vertex, ""), ("int", "int"))):
            raise ValueError(f"expected edges such as list[tuple[{vertex}, {vertex}]] or parents, found {kind}")
        if self.edges is not None:
            GraphNames(edges=self.edges, nodes=self.nodes).types(signature)
        if self.root is not None:
            kind = parameter_type(signature, "root", self.root)
            if not parents or kind.name != "int":
                raise ValueError(f"{self.root}: expected an int and a list of parents, found {kind}")
        return signature.returns

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when the expected value is no such tree."""
        read_vertices(case, self.nodes, self.base)
        self._allowed(case)
        judgement = self.check(case, case.expected)
        if not judgement.accepted:
            raise ValueError(f"the expected value is not accepted as an answer: {judgement.message}")

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, not_valid or accepted."""
        return judged(lambda: self._verify(case, answer))

    def _verify(self, case: CaseFacts, answer: Any) -> Judgement:
        vertices = read_vertices(case, self.nodes, self.base)
        expected = as_list(case.expected)
        parents = bool(expected) and isinstance(expected[0], int)
        trees = 1 if not self.forest else len(self._roots(expected)) if parents else vertices.count - len(expected)
        if parents:
            require_length(answer, vertices.count, "the parent of each vertex")
            pairs = self._parent_edges(case, vertices, as_list(answer), trees)
        else:
            require_length(answer, max(vertices.count - trees, 0), f"the edges of {trees} on {vertices.count} vertices")
            pairs = list(zip(*vertices.edges(read_pairs(answer)), strict=True))
        self._check_edges(case, vertices, pairs, parents)
        return Judgement(accepted=True)

    def _roots(self, parents: Sequence[int]) -> list[int]:
        return [at for at, parent in enumerate(parents) if parent in (self.base - 1, at + self.base)]

    def _parent_edges(self, case: CaseFacts, vertices: Vertices, parents: Sequence[int], trees: int) -> Pairs:
        roots = self._roots(parents)
        if self.root is not None:
            root = case.arguments[self.root]
            require(root - self.base in roots, f"{self.root} = {root} is no root of the answer")
        require(len(roots) == trees, f"the answer has {len(roots)} roots: expected {trees}")
        known = set(roots)
        numbers = vertices.numbers(
            [self.base if at in known else parent for at, parent in enumerate(parents)], "answer[{}]".format
        )
        return [(at, parent) for at, parent in enumerate(numbers) if at not in known]

    def _check_edges(self, case: CaseFacts, vertices: Vertices, pairs: Pairs, parents: bool) -> None:
        allowed, joined = self._allowed(case), UnionFind(vertices.count)
        for at, (first, second) in enumerate(pairs):
            where = f"answer[{first if parents else at}]"
            if allowed is not None and (first, second) not in allowed:
                raise DifferenceError(Reason.NOT_VALID, f"{where} makes an edge that is not in {self.edges}")
            if not joined.join(first, second):
                raise DifferenceError(Reason.NOT_VALID, f"{where} closes a cycle")

    def _allowed(self, case: CaseFacts) -> set[tuple[int, int]] | None:
        if self.edges is None:
            return None
        network = GraphNames(edges=self.edges, nodes=self.nodes, base=self.base).read(case)
        there = set(zip(network.tails, network.heads, strict=True))
        return there | {(head, tail) for tail, head in there}
