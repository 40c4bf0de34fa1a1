"""What the checkers of collections share: which types they judge, a value's elements, what they say of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from judge.checkers.canonical import canonical
from judge.checkers.elements import Matched
from judge.checkers.floats import EXACT_KEYS
from judge.checkers.structure import check_key_types
from judge.model.conform import brief, has_non_finite
from judge.model.report import Judgement
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason

MAX_LEVELS = 8


def check_levels(levels: Any) -> None:
    """Raises ValueError unless ``levels`` is an integer from 1 to MAX_LEVELS."""
    if type(levels) is not int or not 1 <= levels <= MAX_LEVELS:
        raise ValueError(f"levels: expected an integer from 1 to {MAX_LEVELS}, found {brief(levels)}")


def check_collection(returns: TypeExpr, levels: int) -> None:
    """Raises ValueError unless ``returns`` is ``levels`` nested lists, or an array whose rows are the elements."""
    check_key_types(returns, EXACT_KEYS | {"float"})
    if returns.name == "array" and returns.shape is not None and len(returns.shape) > 0 and levels == 1:
        return
    inner = returns
    for _ in range(levels):
        if inner.name != "list":
            wanted = "list[" * levels + "T" + "]" * levels
            raise ValueError(f"expected the return type {wanted}, found {returns}")
        inner = inner.arguments[0]


def elements_of(value: Any) -> Sequence[Any]:
    """The elements of a list, or the rows of an array: the numbers of a one-dimensional one (complex: rows of one)."""
    if not isinstance(value, np.ndarray):
        return list(value)
    if value.ndim > 1:
        return list(value)
    return list(value.reshape(-1, 1)) if value.dtype.kind == "c" else value.tolist()


def check_lengths(answer: Any, expected: Any) -> Judgement | None:
    """Returns the refusal of an answer of another length, or of an array of another shape; None for equal ones."""
    if isinstance(expected, np.ndarray) and answer.shape != expected.shape:
        return refused(Reason.WRONG_SHAPE, f"answer: the shape {answer.shape} is not the right one")
    if len(answer) != len(expected):
        return refused(Reason.WRONG_SHAPE, f"answer: the length {len(answer)} is not the right one")
    return None


def check_equal_to_itself(wanted: Sequence[Any]) -> None:
    """Raises ValueError when an expected element holds a NaN, which equals nothing."""
    for at, element in enumerate(wanted):
        if canonical(element) is None:
            raise ValueError(f"expected[{at}] does not equal itself: it holds a NaN")


def refused(reason: Reason, message: str, **evidence: Any) -> Judgement:
    """Returns the judgement that refuses an answer."""
    return Judgement(accepted=False, reason=reason, message=message, evidence=evidence)


def said(found: Sequence[Any], matched: Matched, *, measured: bool) -> Judgement:
    """Returns the judgement on an answer with the elements ``found``, once they have been matched."""
    if not matched.unmatched:
        evidence = {"compared": matched.compared} if measured else {}
        return Judgement(accepted=True, margin=matched.margin if measured else None, evidence=evidence)
    at = next((at for at in matched.unmatched if measured and has_non_finite(found[at])), None)
    if at is not None:
        return refused(Reason.NOT_FINITE, f"answer[{at}] is {brief(found[at])}: expected finite numbers")
    at, count = matched.unmatched[0], len(matched.unmatched)
    message = f"answer[{at}] is {brief(found[at])}, which is not an expected element, or occurs too often"
    if measured:
        return refused(Reason.WRONG_VALUE, message)
    more = f"; {count} of {len(found)} elements have no counterpart" if count > 1 else ""
    return refused(Reason.WRONG_VALUE, message + more, unmatched=count)
