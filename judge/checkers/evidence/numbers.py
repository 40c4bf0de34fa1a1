"""Changing every number inside a value, of whatever nesting, with its type kept."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from judge.checkers.structure import DifferenceError
from judge.model.conform import brief
from judge.model.verdict import Reason

EXACT = 2**53  # beyond it not every integer is a float

Change = Callable[[Any], Any]


def changed(name: str, value: Any, change: Change) -> Any:
    """Returns an argument with its numbers changed; raises ValueError when one is no longer finite or of its type."""
    try:
        found = _changed(value, change)
    except OverflowError:
        found = None
    if not _fits(found, value):
        raise ValueError(
            f"parameter {name!r}: expected numbers that stay finite and of their type when they are changed, "
            f"found {brief(value)}"
        )
    return found


def numbers_changed(answer: Any, change: Change) -> Any:
    """Returns an answer with its numbers changed, whatever they become. Raises DifferenceError when one overflows."""
    try:
        return _changed(answer, change)
    except OverflowError:
        raise DifferenceError(Reason.WRONG_VALUE, "a number of the answer is too large") from None


def _changed(value: Any, change: Change) -> Any:
    if isinstance(value, np.ndarray):
        return _array_changed(value, change)
    if isinstance(value, (list, tuple)):
        return type(value)([_changed(item, change) for item in value])
    if type(value) is float:
        return float(change(value))
    return _int_changed(change(value)) if type(value) is int else value


def _int_changed(found: Any) -> Any:
    """Returns a float that is exactly an integer as an int; everything else as it is."""
    return int(found) if type(found) is float and abs(found) <= EXACT and found == int(found) else found


def _array_changed(value: np.ndarray[Any, Any], change: Change) -> np.ndarray[Any, Any]:
    with np.errstate(all="ignore"):
        found = np.asarray(change(value))
        kept = found.astype(value.dtype)
    whole = value.dtype.kind in "fc" or (value.dtype.kind == "i" and bool((kept == found).all()))
    return kept if whole else found


def _fits(found: Any, value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return isinstance(found, np.ndarray) and found.dtype == value.dtype and bool(np.isfinite(found).all())
    if isinstance(value, (list, tuple)):
        return type(found) is type(value) and all(map(_fits, found, value))
    return type(found) is type(value) and (type(value) is not float or math.isfinite(found))
