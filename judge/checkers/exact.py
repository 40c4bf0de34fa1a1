"""The checker ``exact``: equality of plain typed values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from judge.checkers.contract import CaseFacts
from judge.checkers.structure import (
    PLAIN,
    DifferenceError,
    align,
    check_equal,
    check_equal_arrays,
    check_key_types,
)
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr

_SCALARS: frozenset[type] = PLAIN | {float}
_KEYS = frozenset({"bool", "int", "float", "str", "bytes"})
_ANY_DTYPE = "biufc"


@dataclass(frozen=True, kw_only=True, slots=True)
class Exact:
    """Accepts the expected value and nothing else.

    Types and structure are the same and all parts are equal by ``==``: integers of any size, floats without tolerance
    (0.0 equals -0.0, NaN equals nothing), mappings in any order, arrays by dtype, shape and element.
    """

    name: ClassVar[str] = "exact"

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The return type; raises ValueError for a mapping whose keys cannot be compared."""
        check_key_types(signature.returns, _KEYS)
        return signature.returns

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when the expected value does not equal itself: it holds a NaN."""
        judgement = self.check(case, case.expected)
        if not judgement.accepted:
            raise ValueError(f"the expected value does not equal itself: {judgement.message}")

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, wrong_type, wrong_value or accepted."""
        try:
            for level in align(answer, case.expected):
                check_equal(level, _SCALARS)
                check_equal_arrays(level, _ANY_DTYPE)
        except DifferenceError as difference:
            return difference.judgement
        return Judgement(accepted=True)
