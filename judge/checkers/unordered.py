"""The checker ``unordered``: a list whose elements may come in any order, each as often as expected.

Without a tolerance, elements are counted (``canonical``). With one, they are matched one to one (``elements``): an
answer is accepted exactly when some pairing has every number within its tolerance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from judge.checkers.canonical import canonical
from judge.checkers.collection import (
    check_collection,
    check_equal_to_itself,
    check_lengths,
    check_levels,
    elements_of,
    refused,
    said,
)
from judge.checkers.contract import CaseFacts
from judge.checkers.elements import Matched, check_elements, match_elements
from judge.checkers.floats import EXACT_KEYS
from judge.checkers.structure import check_key_types, parts
from judge.checkers.tolerances import Band, check_tolerance
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Unordered:
    """Accepts the elements of the expected list in any order."""

    name: ClassVar[str] = "unordered"

    rtol: float | None = None  # of floating-point numbers in the elements, relative to the reference; none: exact
    atol: float | None = None  # the same, in the unit of the answer
    levels: int = 1  # of nested lists whose order does not count; above 1 without a tolerance only

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range and for parameters that contradict each other."""
        for name in ("rtol", "atol"):
            if getattr(self, name) is not None:
                check_tolerance(name, getattr(self, name))
        check_levels(self.levels)
        if self.levels > 1 and self._band() is not None:
            raise ValueError(f"levels: expected 1 beside a tolerance, found {self.levels}")

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The return type; raises ValueError when it is no list or array, or not as deep as ``levels``."""
        check_collection(signature.returns, self.levels)
        if self._band() is not None:
            _check_numbers(signature.returns)
        return signature.returns

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError for an expected value with a NaN, or with too many elements near one another."""
        wanted, band = elements_of(case.expected), self._band()
        if band is not None:
            check_elements(wanted, lambda _element, count: [band] * count)
        check_equal_to_itself(wanted)

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, not_finite, wrong_value or accepted, with the margin used."""
        wrong = check_lengths(answer, case.expected)
        if wrong is not None:
            return wrong
        found, wanted, band = elements_of(answer), elements_of(case.expected), self._band()
        if band is None:
            unmatched = _uncounted(found, wanted, self.levels - 1)
            return said(found, Matched(unmatched=unmatched, compared=0, margin=0.0), measured=False)
        try:
            matched = match_elements(found, wanted, lambda _element, count: [band] * count)
        except ValueError as error:
            return refused(Reason.CHECKER, str(error))
        return said(found, matched, measured=True)

    def _band(self) -> Band | None:
        if self.rtol is None and self.atol is None:
            return None
        return Band(rtol=self.rtol or 0.0, atol=self.atol or 0.0)


def _check_numbers(returns: TypeExpr) -> None:
    check_key_types(returns, EXACT_KEYS)
    dtypes = {part.dtype for part in parts(returns) if part.name == "array"}
    if "complex128" in dtypes:
        raise ValueError(f"rtol, atol: expected real numbers, found {returns}")
    if dtypes.isdisjoint({"float32", "float64"}) and not any(part.name == "float" for part in parts(returns)):
        raise ValueError(f"rtol, atol: expected a return type with floating-point numbers, found {returns}")


def _uncounted(found: Sequence[Any], wanted: Sequence[Any], levels: int) -> list[int]:
    """Returns the positions in ``found`` of elements that ``wanted`` does not have, or not as often."""
    left = Counter(canonical(element, levels=levels) for element in wanted)
    left.pop(None, None)
    unmatched = []
    for at, element in enumerate(found):
        key = canonical(element, levels=levels)
        if left.get(key, 0):
            left[key] -= 1
        else:
            unmatched.append(at)
    return unmatched
