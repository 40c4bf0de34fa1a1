"""The checker ``residual``: a solution x of A x = b, judged by what is left over, not by its digits.

Accepted when ``||A x - b|| <= tol * (||A|| * s + ||b||)``, where s is the smaller of ``||x||`` and the norm of the
expected solution: a large x cannot pay for a large residual, as it could where A is nearly singular. With
``least_squares`` the gradient is what must be small: ``||A^H (A x - b)|| <= tol * ||A|| * (||A|| * s + ||b||)``. Norms
are roots of sums of squares (Frobenius for A); several right-hand sides are judged column by column. This is the
normwise backward error of Rigal and Gaches (1967): of an ill-conditioned system every solution that a stable algorithm
gives passes, however few of its digits agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from judge.checkers import linear
from judge.checkers.certificates import check_flag, check_name, judged
from judge.checkers.contract import CaseFacts
from judge.checkers.structure import DifferenceError
from judge.checkers.tolerances import Numbers, check_tolerance
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Residual:
    """Accepts every x that solves the system to within the tolerance."""

    name: ClassVar[str] = "residual"

    matrix: str  # the parameter that holds A: an array of (m, n)
    rhs: str  # the parameter that holds b: an array of (m,) or (m, k)
    tol: float = 1e-10  # of the residual, relative to ||A|| ||x|| + ||b||
    least_squares: bool = False  # x makes the residual least, rather than zero

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        check_name("matrix", self.matrix)
        check_name("rhs", self.rhs)
        check_tolerance("tol", self.tol)
        check_flag("least_squares", self.least_squares)

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The return type; raises ValueError when parameters or return type are not arrays that fit."""
        linear.check_array(signature, "matrix", self.matrix, 2)
        linear.check_array(signature, "rhs", self.rhs, 1, 2)
        if not linear.is_array(signature.returns, 1, 2):
            raise ValueError(f"expected the return type array[float64, (n,)] or of (n, k), found {signature.returns}")
        return signature.returns

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when shapes do not fit, and when the expected value is no solution."""
        matrix, rhs = linear.read(case, self.matrix), linear.read(case, self.rhs)
        if len(matrix) != len(rhs):
            raise ValueError(f"{self.rhs}: expected {len(matrix)} rows, as of {self.matrix}, found {len(rhs)}")
        judgement = self.check(case, case.expected)
        if not judgement.accepted:
            raise ValueError(f"the expected value is not accepted as an answer: {judgement.message}")

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, not_finite, not_valid or accepted, with the margin used."""
        return judged(lambda: self._verify(case, linear.wide(answer)))

    def _verify(self, case: CaseFacts, solution: Numbers) -> Judgement:
        matrix, rhs = linear.read(case, self.matrix), linear.read(case, self.rhs)
        linear.require_shape(solution, (matrix.shape[1], *rhs.shape[1:]), "the answer")
        linear.require_finite(solution, "answer")
        columns = 1 if rhs.ndim == 1 else rhs.shape[1]
        sides = rhs.reshape(len(rhs), columns)
        found, known = (values.reshape(matrix.shape[1], columns) for values in (solution, linear.wide(case.expected)))
        ratios = [self._ratio(matrix, found[:, at], known[:, at], sides[:, at]) for at in range(columns)]
        worst = max(range(columns), key=ratios.__getitem__, default=None)
        if worst is None:
            return Judgement(accepted=True, margin=0.0)
        evidence = {"residual": ratios[worst] if np.isfinite(ratios[worst]) else None, "column": worst}
        if not ratios[worst] <= self.tol:
            what = "gradient" if self.least_squares else "residual"
            where = "" if rhs.ndim == 1 else f" of column {worst}"
            message = f"the relative {what}{where} is {ratios[worst]:.3g}: expected at most {self.tol:g}"
            raise DifferenceError(Reason.NOT_VALID, message)
        margin = ratios[worst] / self.tol if self.tol else 0.0
        return Judgement(accepted=True, margin=margin, evidence=evidence)

    def _ratio(self, matrix: Numbers, found: Numbers, known: Numbers, side: Numbers) -> float:
        """Returns the residual divided by its scale; an infinity where it cannot be computed."""
        size = linear.norm(matrix)
        with np.errstate(all="ignore"):
            left = matrix @ found - side
            if self.least_squares:
                left = matrix.conj().T @ left / (size or 1.0)
            scale = size * min(linear.norm(found), linear.norm(known)) + linear.norm(side)
            error = linear.norm(left)
        if error == 0.0:
            return 0.0
        ratio = error / scale if scale else np.inf
        return float(ratio) if np.isfinite(ratio) and np.isfinite(scale) else float("inf")
