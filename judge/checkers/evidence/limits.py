"""Parameters that several statistical checkers have, and what they may be: each check raises ValueError."""

from __future__ import annotations

import math
from typing import Any

from judge.checkers.contract import CaseFacts
from judge.model.conform import brief
from judge.model.signature import Signature

SMALLEST_ALPHA, LARGEST_ALPHA = 1e-300, 0.5
MOST_CALLS = 100_000
MOST_CASES = 1_000_000


def check_alpha(alpha: Any) -> None:
    """Raises ValueError unless ``alpha`` is a probability that a checker may be wrong with."""
    if type(alpha) not in (int, float) or not SMALLEST_ALPHA <= alpha <= LARGEST_ALPHA:
        raise ValueError(f"alpha: expected a number from {SMALLEST_ALPHA} to {LARGEST_ALPHA}, found {brief(alpha)}")


def check_integer(name: str, value: Any, low: int, high: int) -> None:
    """Raises ValueError unless ``value`` is an int from ``low`` to ``high``."""
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"{name}: expected an integer from {low} to {high}, found {brief(value)}")


def check_number(name: str, value: Any, low: float = -math.inf, high: float = math.inf) -> None:
    """Raises ValueError unless ``value`` is a finite int or float from ``low`` to ``high``."""
    if type(value) not in (int, float) or not math.isfinite(value) or not low <= value <= high:
        bounds = "" if (low, high) == (-math.inf, math.inf) else f" from {low:g} to {high:g}"
        raise ValueError(f"{name}: expected a finite number{bounds}, found {brief(value)}")


def check_name(name: str, value: Any) -> None:
    """Raises ValueError unless ``value`` can be the name of a parameter."""
    if not isinstance(value, str) or not value.isidentifier():
        raise ValueError(f"{name}: expected the name of a parameter, found {brief(value)}")


def check_takes(signature: Signature, name: str, *types: str) -> None:
    """Raises ValueError unless the function takes ``name`` with one of ``types``; any type when none is given."""
    found = {parameter.name: str(parameter.type) for parameter in signature.parameters}
    wanted = f" of type {' or '.join(types)}" if types else ""
    if name not in found:
        raise ValueError(f"expected a parameter {name!r}{wanted}, found {', '.join(found) or 'none'}")
    if types and found[name] not in types:
        raise ValueError(f"expected the parameter {name!r} to have type {' or '.join(types)}, found {found[name]}")


def check_undeclared(checker: str, case: CaseFacts) -> None:
    """Raises ValueError when a package declares wrong laws, for a checker that knows of no law."""
    if case.alternatives:
        raise ValueError(f"checker {checker!r} has no use for alternatives, found {', '.join(case.alternatives)}")
