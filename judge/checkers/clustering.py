"""The checker ``clustering``: labels that agree well enough with the expected clusters, whatever the labels are.

The measure is the adjusted Rand index (Hubert and Arabie 1985). With n_ij the elements in answer's cluster i and
expected cluster j, a = sum C(n_i., 2), b = sum C(n_.j, 2), c = sum C(n_ij, 2) and m = C(n, 2):

    (c - a b / m) / ((a + b) / 2 - a b / m)

1 for equal partitions and only for them, 0 on average for labels drawn at random. It is computed in whole numbers, so
the comparison with ``at_least`` is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from math import comb
from typing import Any, ClassVar

from judge.checkers.certificates import as_list, check_share, item_type, judged, require_length
from judge.checkers.contract import CaseFacts
from judge.checkers.graphs import LABELS
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Clustering:
    """Accepts labels whose adjusted Rand index with the expected ones is high enough."""

    name: ClassVar[str] = "clustering"

    at_least: float = 1.0  # the adjusted Rand index that is enough: above 0, at most 1

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        check_share("at_least", self.at_least)

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The return type; raises ValueError when it is no list of labels."""
        if item_type(signature.returns) not in LABELS:
            raise ValueError(f"expected a list of labels, of int or str, found {signature.returns}")
        return signature.returns

    def check_key(self, case: CaseFacts) -> None:
        """Any labels can be judged against."""

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, wrong_value (the index is too low) or accepted, with the index as
        evidence."""
        return judged(lambda: self._verify(as_list(case.expected), answer))

    def _verify(self, expected: Sequence[Any], answer: Any) -> Judgement:
        require_length(answer, len(expected), "a label for each element")
        index = adjusted_rand(_numbered(as_list(answer)), _numbered(expected))
        evidence = {"adjusted_rand": float(index)}
        if index >= Fraction(str(self.at_least)):
            return Judgement(accepted=True, evidence=evidence)
        message = f"the adjusted Rand index is {float(index):.6g}: expected at least {self.at_least:g}"
        return Judgement(accepted=False, reason=Reason.WRONG_VALUE, message=message, evidence=evidence)


def adjusted_rand(found: Sequence[int], wanted: Sequence[int]) -> Fraction:
    """Returns the adjusted Rand index of two clusterings of the same elements."""
    pairs = comb(len(found), 2)
    both = _pairs(zip(found, wanted, strict=True))
    first, second = _pairs(found), _pairs(wanted)
    doubled = pairs * (first + second) - 2 * first * second
    if not doubled:  # both are one cluster, or both have single elements only
        return Fraction(1)
    return Fraction(2 * (pairs * both - first * second), doubled)


def _pairs(clusters: Iterable[Any]) -> int:
    """Returns the number of pairs of elements that are in one cluster."""
    return sum(comb(len(list(members)), 2) for _, members in groupby(sorted(clusters)))


def _numbered(labels: Sequence[Any]) -> list[int]:
    """Returns labels as 0, 1, 2 ... in their order, by sorting: the hash of a label may be the candidate's choice."""
    order = sorted(range(len(labels)), key=labels.__getitem__)
    numbers = [0] * len(labels)
    for before, at in pairwise(order):
        numbers[at] = numbers[before] + (labels[at] != labels[before])
    return numbers
