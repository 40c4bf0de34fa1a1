"""The checker ``permutation``: any order of given elements, each as often as it is given.

The elements are those of an argument that is a list (equal ones may be exchanged), or the integers that an argument
counts. The expected value is one such order, which only proves that the case can be judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from judge.checkers.certificates import argument, as_list, check_name, item_type, judged, parameter_type, require_length
from judge.checkers.contract import CaseFacts
from judge.checkers.graphs import LABELS, GraphNames, read_vertices
from judge.checkers.structure import DifferenceError
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Permutation:
    """Accepts every order of the elements."""

    name: ClassVar[str] = "permutation"

    of: str  # the parameter that holds the elements, or how many integers there are
    base: int = 0  # the first of the integers

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        check_name("of", self.of)
        GraphNames(edges=self.of, base=self.base)

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The return type; raises ValueError when it is no list of what the parameter holds."""
        kind = parameter_type(signature, "of", self.of)
        item = "int" if kind.name == "int" else item_type(kind)
        if item not in LABELS:
            raise ValueError(f"{self.of}: expected an int or a list of int or str, found {kind}")
        if item_type(signature.returns) != item:
            raise ValueError(f"expected the return type list[{item}], found {signature.returns}")
        return signature.returns

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when the expected value is not a permutation."""
        if self._is_count(case):
            read_vertices(case, self.of, self.base)
        judgement = self.check(case, case.expected)
        if not judgement.accepted:
            raise ValueError(f"the expected value is not accepted as an answer: {judgement.message}")

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, not_valid or accepted."""
        return judged(lambda: self._verify(case, answer))

    def _is_count(self, case: CaseFacts) -> bool:
        return isinstance(argument(case, self.of), int)

    def _verify(self, case: CaseFacts, answer: Any) -> Judgement:
        if self._is_count(case):
            vertices = read_vertices(case, self.of, self.base)
            require_length(answer, vertices.count, "each number once")
            vertices.once_each(as_list(answer))
        else:
            elements = as_list(argument(case, self.of))
            require_length(answer, len(elements), f"that of {self.of}")
            _check_elements(as_list(answer), Counter(elements), self.of)
        return Judgement(accepted=True)


def _check_elements(answer: Sequence[Any], left: Counter[Any], of: str) -> None:
    """Raises DifferenceError at the first element that is not in ``left``, which holds how many there may be still."""
    for at, element in enumerate(answer):
        times = left.get(element)
        if not times:
            often = f"not in {of}" if times is None else f"there more often than in {of}"
            raise DifferenceError(Reason.NOT_VALID, f"answer[{at}] is {brief(element)}, which is {often}")
        left[element] = times - 1
