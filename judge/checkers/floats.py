"""The checker ``float``: numbers within an absolute or a relative tolerance, alone or in lists, tuples, mappings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from judge.checkers.contract import CaseFacts
from judge.checkers.numeric import NumberRule
from judge.checkers.structure import check_key_types, parts
from judge.checkers.tolerance_choice import choose_tolerance
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr

EXACT_KEYS = frozenset({"bool", "int", "str", "bytes"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Floats:
    """Accepts a float g for the reference r when |g - r| <= max(atol, rtol * |r|); everything else exactly.

    ``ulp`` counts floating-point neighbours instead; it is refused beside the other two.
    """

    name: ClassVar[str] = "float"

    rtol: float | None = None  # relative to the reference; 1e-6 when there is no ulp
    atol: float | None = None  # in the unit of the answer; 1e-9 when there is no ulp
    ulp: int | None = None  # floating-point neighbours
    nan: str = "refuse"  # or match
    inf: str = "refuse"  # or match

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range and for parameters that contradict each other."""
        self._rule()

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The return type; raises ValueError when it holds no float, or an array, or a mapping with floats as keys."""
        returns = signature.returns
        check_key_types(returns, EXACT_KEYS)
        names = {part.name for part in parts(returns)}
        if "array" in names:
            raise ValueError(f"expected a return type without arrays, found {returns}: the checker 'array' judges it")
        if "float" not in names:
            raise ValueError(f"expected a return type with a float, found {returns}: the checker 'exact' judges it")
        return returns

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when the expected value holds a NaN or an infinity that is not declared."""
        self._rule().check_key(case)

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, wrong_type, not_finite, wrong_value or accepted, with the margin used."""
        return self._rule().judge(answer, case.expected)

    def _rule(self) -> NumberRule:
        given = {name: getattr(self, name) for name in ("rtol", "atol", "ulp") if getattr(self, name) is not None}
        return NumberRule(tolerance=choose_tolerance(given), nan=self.nan, inf=self.inf)
