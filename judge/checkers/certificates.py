"""What the checkers of structures share: how they read their parameters, and how they refuse.

Such a checker verifies the answer against the case's arguments, element by element, and raises ``DifferenceError`` at
the first that does not fit; what is valid is then measured against the optimum, which is the expected value.

Labels in an answer are the candidate's: integers of any size, chosen, it may be, so that their hashes are equal. So
they are looked up in mappings that the author's labels make, compared and sorted, but never put into a set or mapping.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judge.checkers.contract import CaseFacts
from judge.checkers.structure import DifferenceError
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason

_EXACT = 1 << 53  # integers up to here are numbers in JSON too


def check_name(role: str, name: Any, *, optional: bool = False) -> None:
    """Raises ValueError unless ``name`` can name a parameter of the entry point."""
    if not (isinstance(name, str) and name) and not (optional and name is None):
        raise ValueError(f"{role}: expected the name of a parameter, found {brief(name)}")


def check_flag(role: str, value: Any) -> None:
    """Raises ValueError unless ``value`` is a bool."""
    if not isinstance(value, bool):
        raise ValueError(f"{role}: expected true or false, found {brief(value)}")


def check_share(role: str, value: Any) -> None:
    """Raises ValueError unless ``value`` is a number above 0 and at most 1."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 < value <= 1:
        raise ValueError(f"{role}: expected a number above 0 and at most 1, found {brief(value)}")


def parameter_type(signature: Signature, role: str, name: str) -> TypeExpr:
    """Returns the type of the parameter ``name``; raises ValueError when there is none."""
    types = {parameter.name: parameter.type for parameter in signature.parameters}
    if name not in types:
        raise ValueError(f"{role}: expected one of {', '.join(types) or 'no parameters'}, found {name!r}")
    return types[name]


def argument(case: CaseFacts, name: str) -> Any:
    """Returns the argument ``name``; raises ValueError when the case does not have it."""
    if name not in case.arguments:
        raise ValueError(f"expected the argument {name!r}, found {', '.join(case.arguments) or 'none'}")
    return case.arguments[name]


def as_list(value: Any) -> Any:
    """Returns an array (or an element of one) as plain numbers, in nested lists; anything else as it is."""
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


def item_type(kind: TypeExpr) -> str:
    """Returns the scalar that a list or one-dimensional array holds: ``int``, ``float`` ...; "" for another type."""
    if kind.name == "list" and not kind.arguments[0].arguments and kind.arguments[0].name != "array":
        return kind.arguments[0].name
    if kind.name == "array" and kind.shape is not None and len(kind.shape) == 1:
        return kind.dtype.rstrip("0123456789")
    return ""


def require(condition: bool, message: str, reason: Reason = Reason.NOT_VALID) -> None:
    """Raises DifferenceError unless ``condition``: for what is decided once an answer, not once an element."""
    if not condition:
        raise DifferenceError(reason, message)


def require_length(answer: Sequence[Any], wanted: int, of: str) -> None:
    """Raises DifferenceError unless ``answer`` has ``wanted`` elements, one for each ``of``."""
    message = f"the answer has the length {len(answer)}: expected {wanted}, {of}"
    require(len(answer) == wanted, message, Reason.WRONG_SHAPE)


def judged(verify: Callable[[], Judgement]) -> Judgement:
    """Returns what ``verify`` returns, or the judgement of the DifferenceError that it raises."""
    try:
        return verify()
    except DifferenceError as difference:
        return difference.judgement


def total(numbers: Sequence[Any]) -> Any:
    """Returns the sum: exact for integers, correctly rounded for floats, an infinity where it is beyond a double."""
    if not any(isinstance(number, float) for number in numbers):
        return sum(numbers)
    try:
        return math.fsum(numbers)
    except OverflowError:
        half = math.fsum(number / 2.0**64 for number in numbers)
        return half * 2.0**64
    except ValueError:  # infinities of both signs
        return math.nan


def plain(number: Any) -> Any:
    """Returns a number as it can stand in evidence: finite, and small enough to be exact; else a short text."""
    if isinstance(number, int):
        return number if abs(number) <= _EXACT else brief(number, 40)
    return number if abs(number) <= sys.float_info.max else brief(number)


@dataclass(frozen=True, kw_only=True, slots=True)
class Optimum:
    """The best value that a valid answer can have: integers exactly, floats with a tolerance."""

    of: str  # what is measured: "the weight of the tree"
    best: Any  # int or float
    greatest: bool = False  # the best value is the greatest one
    rtol: float = 0.0  # of floats, relative to ``best``
    atol: float = 0.0  # of floats

    def judge(self, value: Any, slack: float = 0.0) -> Judgement:
        """Judges the value of a valid answer; reason ``checker`` when it is better than the best by more than
        ``slack``, which is what the tolerances of validity can make of it."""
        evidence = {"value": plain(value)}
        excess = self.best - value if self.greatest else value - self.best
        exact = isinstance(excess, int)
        allowed = 0 if exact else max(self.atol, self.rtol * abs(self.best))
        if -max(allowed, slack) <= excess <= allowed:
            margin = None if exact else max(excess, 0.0) / allowed if allowed else 0.0
            return Judgement(accepted=True, margin=margin, evidence=evidence)
        if excess < 0:
            message = f"the expected value is wrong: a valid answer was returned, and {self.of} is {brief(value)}"
            return Judgement(accepted=False, reason=Reason.CHECKER, message=message, evidence=evidence)
        best = "greatest" if self.greatest else "least"
        message = f"the answer is valid, but {self.of} is {brief(value)}, which is not the {best} possible"
        return Judgement(accepted=False, reason=Reason.NOT_OPTIMAL, message=message, evidence=evidence)
