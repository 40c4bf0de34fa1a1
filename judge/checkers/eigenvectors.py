"""The checker ``eigenvectors``: eigenvectors of a symmetric (Hermitian) matrix, up to sign and basis.

The answer is a matrix V with k eigenvectors in its columns (in its rows, with ``rows``), or eigenvalues and V. With A
the matrix, or the covariance of the rows of an argument (``covariance``, divisor n - 1), and l_i the expected
eigenvalues, in the order that the answer must have, it is verified that

* ``|V^H V - 1| <= tol`` in each element: the vectors are orthonormal;
* ``||A v_i - l_i v_i|| <= tol * ||A||``, ``||A||`` the largest sum of absolute values in a row;
* the eigenvalues that were returned, if any, are within ``tol * ||A||`` of the expected ones.

A sign, a phase, or another basis for an eigenvalue that occurs more than once passes all three; a vector of another
eigenvalue that is more than ``tol * ||A||`` away does not.
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
class Eigenvectors:
    """Accepts every orthonormal set of eigenvectors for the expected eigenvalues."""

    name: ClassVar[str] = "eigenvectors"

    matrix: str  # the parameter that holds the matrix, of (n, n), or the data, of (m, n)
    covariance: bool = False  # it holds data: the matrix is its covariance
    rows: bool = False  # the eigenvectors are rows of the answer
    tol: float = 1e-8  # relative to the largest sum of absolute values in a row of the matrix

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        check_name("matrix", self.matrix)
        check_flag("covariance", self.covariance)
        check_flag("rows", self.rows)
        check_tolerance("tol", self.tol)

    def expected_type(self, signature: Signature) -> TypeExpr:
        """An array of k eigenvalues; raises ValueError when parameters or return type do not fit."""
        linear.check_array(signature, "matrix", self.matrix, 2)
        kind = signature.returns
        pair = kind.name == "tuple" and not kind.variadic and len(kind.arguments) == 2
        if pair and not linear.is_array(kind.arguments[0], 1):
            raise ValueError(f"expected eigenvalues as an array of one dimension, found {kind.arguments[0]}")
        if not linear.is_array(kind.arguments[1] if pair else kind, 2):
            raise ValueError(f"expected eigenvectors as an array[float64, (n, k)], alone or as a pair, found {kind}")
        return TypeExpr(name="array", dtype="float64", shape=("k",))

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError for a matrix that is not Hermitian, and for numbers that are not eigenvalues of it."""
        matrix, wanted = self._matrix(case), case.expected
        if not np.isfinite(wanted).all() or len(wanted) > len(matrix):
            raise ValueError(f"expected at most {len(matrix)} finite eigenvalues, found {len(wanted)}")
        slack = self.tol * linear.row_sum(matrix)
        if np.abs(matrix - matrix.conj().T).max(initial=0.0) > slack:
            raise ValueError(f"{self.matrix}: expected a symmetric (Hermitian) matrix")
        left = np.linalg.eigvalsh(matrix)
        for at in np.argsort(wanted):  # both ascending: the closest that is left, once each
            near = int(np.argmin(np.abs(left - wanted[at]))) if len(left) else -1
            if near < 0 or abs(left[near] - wanted[at]) > slack:
                raise ValueError(f"expected[{at}] = {wanted[at]} is not an eigenvalue, or too often")
            left = np.delete(left, near)

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, not_finite, not_valid, wrong_value (the eigenvalues) or accepted."""
        return judged(lambda: self._verify(case, answer))

    def _verify(self, case: CaseFacts, answer: Any) -> Judgement:
        matrix, wanted = self._matrix(case), case.expected
        values, vectors = answer if isinstance(answer, tuple) else (None, answer)
        shape = (len(matrix), len(wanted))
        where = "answer" if values is None else "answer[1]"
        linear.require_shape(vectors, shape[::-1] if self.rows else shape, where)
        linear.require_finite(vectors, where)
        columns = linear.wide(vectors.T if self.rows else vectors)
        size = linear.row_sum(matrix)
        with np.errstate(all="ignore"):
            margins = [self._orthonormal(columns), self._residual(matrix, columns, wanted, size)]
            if values is not None:
                margins.append(self._values(linear.wide(values), wanted, size))
        return Judgement(accepted=True, margin=max(margins))

    def _orthonormal(self, columns: Numbers) -> float:
        errors = np.abs(columns.conj().T @ columns - np.eye(columns.shape[1]))
        within = errors <= self.tol
        if not within.all():
            first, second = (int(at) for at in np.unravel_index(int(np.argmin(within)), within.shape))
            what = (
                f"vector {first} is not of length 1" if first == second else f"{first} and {second} are not orthogonal"
            )
            raise DifferenceError(Reason.NOT_VALID, f"{what}: off by {errors[first, second]:.3g}")
        return self._margin(errors, 1.0)

    def _residual(self, matrix: Numbers, columns: Numbers, wanted: Numbers, size: float) -> float:
        errors = np.linalg.norm(matrix @ columns - columns * wanted, axis=0)
        within = errors <= self.tol * size
        if not within.all():
            at = int(np.argmin(within))
            raise DifferenceError(Reason.NOT_VALID, f"vector {at} is not an eigenvector of the eigenvalue in its place")
        return self._margin(errors, size)

    def _values(self, values: Numbers, wanted: Numbers, size: float) -> float:
        linear.require_shape(values, wanted.shape, "answer[0]")
        linear.require_finite(values, "answer[0]")
        errors = np.abs(values - wanted)
        within = errors <= self.tol * size
        if not within.all():
            at = int(np.argmin(within))
            raise DifferenceError(Reason.WRONG_VALUE, f"answer[0][{at}] is {values[at]}, which is not the eigenvalue")
        return self._margin(errors, size)

    def _margin(self, errors: Numbers, size: float) -> float:
        worst = float(np.max(errors, initial=0.0))
        return worst / (self.tol * size) if worst else 0.0

    def _matrix(self, case: CaseFacts) -> Numbers:
        array = linear.read(case, self.matrix)
        if not self.covariance:
            if array.shape[0] != array.shape[1]:
                raise ValueError(f"{self.matrix}: expected a square matrix, found the shape {array.shape}")
            return array
        if len(array) < 2:
            raise ValueError(f"{self.matrix}: expected at least 2 rows of data, found {len(array)}")
        centred = array - array.mean(axis=0)
        return np.asarray(centred.conj().T @ centred / (len(array) - 1))
