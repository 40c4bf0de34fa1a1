"""The checker ``array``: NumPy arrays within a tolerance, alone or inside lists, tuples and mappings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from judge.checkers.contract import CaseFacts
from judge.checkers.floats import EXACT_KEYS
from judge.checkers.numeric import NumberRule
from judge.checkers.structure import check_key_types, parts
from judge.checkers.tolerance_choice import PARAMETERS, choose_tolerance
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr

_FLOATING = ("float32", "float64", "complex128")


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrays:
    """Accepts arrays of the reference's shape and dtype whose elements are within one of three tolerances.

    ``rtol`` and ``atol`` (1e-6 and 1e-9 when nothing is given), or ``scale`` with ``factor`` and perhaps ``rtol``, or
    ``ulp``: other combinations are refused. Integers and bools are compared exactly, complex numbers by modulus.
    """

    name: ClassVar[str] = "array"

    rtol: float | None = None  # relative to the reference's element
    atol: float | None = None  # in the unit of the answer
    scale: str | None = None  # of the reference: max, rms or row_max (largest in the last axis)
    factor: float | None = None  # absolute tolerance = factor * eps(dtype) * scale
    ulp: int | None = None  # floating-point neighbours
    nan: str = "refuse"  # or match
    inf: str = "refuse"  # or match

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range and for parameters that contradict each other."""
        self._rule()

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The return type; raises ValueError when it holds no array or something that the parameters do not fit."""
        returns = signature.returns
        check_key_types(returns, EXACT_KEYS)
        dtypes = {part.dtype for part in parts(returns) if part.name == "array"}
        if not dtypes:
            raise ValueError(f"expected a return type with an array, found {returns}")
        plain = any(part.name == "float" for part in parts(returns))
        if plain and self.scale is not None:
            raise ValueError(f"scale: expected arrays only, found a plain float in {returns}")
        if self._given() and not plain and dtypes.isdisjoint(_FLOATING):
            raise ValueError(f"{next(iter(self._given()))}: integers and bools are compared exactly, found {returns}")
        for dtype in sorted(dtypes.intersection(_FLOATING)):
            self._check_factor(dtype)
        if "complex128" in dtypes:
            self._check_complex()
        return returns

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when the expected value holds a NaN or an infinity that is not declared."""
        self._rule().check_key(case)

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, wrong_type, not_finite, wrong_value or accepted, with the margin used."""
        return self._rule().judge(answer, case.expected)

    def _given(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in PARAMETERS if getattr(self, name) is not None}

    def _check_complex(self) -> None:
        if self.ulp is not None:
            raise ValueError("ulp: expected arrays of real numbers, found complex128")
        for name in ("nan", "inf"):
            if getattr(self, name) == "match":
                raise ValueError(f"{name}: expected 'refuse' for complex128, found 'match'")

    def _check_factor(self, dtype: str) -> None:
        """Raises ValueError when zeros would be accepted: the scale is at most the largest element of each row."""
        eps = float(np.finfo(dtype).eps)
        if self.factor is not None and self.factor * eps >= 1:
            raise ValueError(f"factor: expected a number below {1 / eps:g} for {dtype}, found {self.factor:g}")

    def _rule(self) -> NumberRule:
        return NumberRule(tolerance=choose_tolerance(self._given()), nan=self.nan, inf=self.inf)
