"""An order of n elements, applied to arguments and taken back from answers.

The copy's element i is the original's element ``order[i]``; so an index j of the original is ``place[j]`` in the copy.
``rows`` moves elements, ``values`` renames every integer from 0 to n - 1 inside a value (others, such as -1, stay),
``both`` does one and then the other, ``matrix`` moves the rows and the columns of a square matrix.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from judge.checkers.structure import DifferenceError
from judge.model.verdict import Reason
from judge.stats.arrays import Ints

PLACES = ("rows", "values", "both", "matrix")


class Order:
    """A permutation of 0, ..., n - 1, both ways."""

    def __init__(self, order: Ints) -> None:
        self._order = order
        self._place = np.argsort(order)

    def forward(self, value: Any, how: str) -> Any:
        """Returns an argument as the copy has it; ``how`` is one of PLACES. Raises DifferenceError."""
        return _moved(value, how, order=self._order, names=self._place)

    def backward(self, answer: Any, how: str) -> Any:
        """Returns the copy's answer as the original must have it; raises DifferenceError when it has another form."""
        return _moved(answer, how, order=self._place, names=self._order)


def _moved(value: Any, how: str, *, order: Ints, names: Ints) -> Any:
    if how == "values":
        return _renamed(value, names)
    moved = _taken(value, order)
    if how == "both":
        return _renamed(moved, names)
    if how == "rows":
        return moved
    if isinstance(moved, np.ndarray):
        _check_length(moved.T, len(order))
        return moved[:, order]
    return type(moved)([_taken(row, order) for row in moved])


def _taken(value: Any, order: Ints) -> Any:
    _check_length(value, len(order))
    return value[order] if isinstance(value, np.ndarray) else type(value)([value[at] for at in order])


def _renamed(value: Any, names: Ints) -> Any:
    if isinstance(value, np.ndarray) and value.dtype.kind == "i":
        inside = (value >= 0) & (value < len(names))
        return np.where(inside, names[np.where(inside, value, 0)], value).astype(value.dtype)
    if isinstance(value, (list, tuple)):
        return type(value)([_renamed(item, names) for item in value])
    return int(names[value]) if type(value) is int and 0 <= value < len(names) else value


def _check_length(value: Any, wanted: int) -> None:
    sized = isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim > 0)
    found = f"{len(value)} elements" if sized else "a single value"
    if not sized or len(value) != wanted:
        raise DifferenceError(Reason.WRONG_SHAPE, f"expected {wanted} elements, found {found}")
