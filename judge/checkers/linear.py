"""Matrices for the checkers of numerical objects: as arguments name them, and their norms, in double precision.

Products of the candidate's numbers may overflow; the comparisons are written so that an infinity or a NaN fails them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from judge.checkers.certificates import argument, parameter_type, require
from judge.checkers.contract import CaseFacts
from judge.checkers.tolerances import Numbers
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason

FLOATING = ("float32", "float64", "complex128")


def is_array(kind: TypeExpr, *ranks: int) -> bool:
    """Whether ``kind`` is an array of floating-point numbers with one of these numbers of dimensions."""
    return kind.dtype in FLOATING and kind.shape is not None and len(kind.shape) in ranks


def check_array(signature: Signature, role: str, name: str, *ranks: int) -> None:
    """Raises ValueError unless the parameter ``name`` is such an array."""
    kind = parameter_type(signature, role, name)
    if not is_array(kind, *ranks):
        wanted = " or ".join(map(str, ranks))
        raise ValueError(f"{name}: expected an array of floating-point numbers with {wanted} dimensions, found {kind}")


def wide(values: Any) -> Numbers:
    """Returns numbers in double precision."""
    array = np.asarray(values)
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64, copy=False)


def read(case: CaseFacts, name: str) -> Numbers:
    """Returns the argument ``name``; raises ValueError when it holds NaN or infinities."""
    array = wide(argument(case, name))
    if not np.isfinite(array).all():
        raise ValueError(f"{name}: expected finite numbers")
    return array


def require_finite(values: Numbers, where: str) -> None:
    """Raises DifferenceError at the first of the candidate's numbers that is NaN or infinite."""
    finite = np.isfinite(values)
    if not finite.all():
        at = np.unravel_index(int(np.argmin(finite)), values.shape)
        place = ", ".join(map(str, map(int, at)))
        require(False, f"{where}[{place}] is {values[at]}: expected a finite number", Reason.NOT_FINITE)


def require_shape(values: Numbers, shape: tuple[int, ...], where: str) -> None:
    """Raises DifferenceError unless the candidate's numbers have that shape."""
    require(values.shape == shape, f"{where} has the shape {values.shape}: expected {shape}", Reason.WRONG_SHAPE)


def norm(values: Numbers) -> float:
    """Returns the root of the sum of squares; an infinity where it is beyond a double."""
    size = float(np.max(np.abs(values), initial=0.0))
    if size == 0.0 or not np.isfinite(size):
        return size
    with np.errstate(all="ignore"):
        return size * float(np.sqrt(np.sum(np.abs(values / size) ** 2)))


def row_sum(matrix: Numbers) -> float:
    """Returns the largest sum of absolute values in a row: a norm, at least the largest absolute eigenvalue."""
    return float(np.abs(matrix).sum(axis=1).max(initial=0.0))
