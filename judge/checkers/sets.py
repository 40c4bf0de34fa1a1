"""The checker ``set``: a list of distinct elements in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from judge.checkers.canonical import canonical
from judge.checkers.collection import check_collection, check_equal_to_itself, check_levels, elements_of, refused
from judge.checkers.contract import CaseFacts
from judge.checkers.tolerances import check_choice
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Set:
    """Accepts the elements of the expected list in any order, compared exactly, each once."""

    name: ClassVar[str] = "set"

    duplicates: str = "refuse"  # or ignore: an element of the answer may stand there more than once
    levels: int = 1  # of nested lists whose order does not count

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        check_choice("duplicates", self.duplicates, ("refuse", "ignore"))
        check_levels(self.levels)

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The return type; raises ValueError when it is no list or array, or not as deep as ``levels``."""
        check_collection(signature.returns, self.levels)
        return signature.returns

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when an element of the expected value holds a NaN or stands there twice."""
        wanted = elements_of(case.expected)
        check_equal_to_itself(wanted)
        twice = _repeated(self._keys(wanted))
        if twice is not None:
            at, first = twice
            raise ValueError(f"expected[{at}] is {brief(wanted[at])}, as is expected[{first}]: expected no duplicates")

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: not_valid (a duplicate), wrong_value, wrong_shape (too few) or accepted."""
        found = elements_of(answer)
        keys, wanted = self._keys(found), frozenset(self._keys(elements_of(case.expected))) - {None}
        twice = _repeated(keys) if self.duplicates == "refuse" else None
        if twice is not None:
            message = (
                f"answer[{twice[0]}] is {brief(found[twice[0]])}, as is answer[{twice[1]}]: expected no duplicates"
            )
            return refused(Reason.NOT_VALID, message)
        at = next((at for at, key in enumerate(keys) if key not in wanted), None)
        if at is not None:
            return refused(Reason.WRONG_VALUE, f"answer[{at}] is {brief(found[at])}, which is not an expected element")
        missing = len(wanted) - len(set(keys))
        if missing:
            message = f"answer: {missing} of the expected elements are missing"
            return refused(Reason.WRONG_SHAPE, message, missing=missing)
        return Judgement(accepted=True)

    def _keys(self, elements: Sequence[Any]) -> list[bytes | None]:
        return [canonical(element, levels=self.levels - 1) for element in elements]


def _repeated(keys: Sequence[bytes | None]) -> tuple[int, int] | None:
    """Returns the first position whose key has stood before, and where that was; NaN repeats nothing."""
    seen: dict[bytes, int] = {}
    for at, key in enumerate(keys):
        if key is not None and seen.setdefault(key, at) != at:
            return at, seen[key]
    return None
