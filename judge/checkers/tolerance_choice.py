"""Which rule of ``tolerances`` a checker's parameters ask for: shared by ``float`` and ``array``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judge.checkers.tolerances import MAX_ULP, SCALES, Band, Scaled, Steps, Tolerance, check_choice, check_tolerance
from judge.model.conform import brief

DEFAULT_RTOL, DEFAULT_ATOL = 1e-6, 1e-9
PARAMETERS = ("rtol", "atol", "scale", "factor", "ulp")
_ALLOWED: tuple[set[str], ...] = (
    {"rtol"},
    {"atol"},
    {"rtol", "atol"},
    {"scale", "factor"},
    {"scale", "factor", "rtol"},
    {"ulp"},
    set(),
)


def choose_tolerance(given: Mapping[str, Any]) -> Tolerance:
    """Returns the rule for ``given``: the values of some of PARAMETERS, those that are not None.

    Nothing given means rtol and atol of 1e-6 and 1e-9; so does the one of the two that is missing, unless a scale is
    given. Raises ValueError for a value out of range and for parameters that contradict each other.
    """
    _check_combination(given)
    for name in ("rtol", "atol", "factor"):
        if name in given:
            check_tolerance(name, given[name])
    if "ulp" in given:
        return Steps(ulp=_steps(given["ulp"]))
    if "scale" in given:
        check_choice("scale", given["scale"], SCALES)
        return Scaled(scale=given["scale"], factor=given["factor"], rtol=given.get("rtol", 0.0))
    return Band(rtol=given.get("rtol", DEFAULT_RTOL), atol=given.get("atol", DEFAULT_ATOL))


def _steps(ulp: Any) -> int:
    if type(ulp) is not int or not 0 <= ulp <= MAX_ULP:
        raise ValueError(f"ulp: expected an integer from 0 to {MAX_ULP}, found {brief(ulp)}")
    return ulp


def _check_combination(given: Mapping[str, Any]) -> None:
    names = set(given)
    if names in ({"scale"}, {"factor"}):
        raise ValueError(f"expected scale and factor together, found {names.pop()} alone")
    if names not in _ALLOWED:
        found = ", ".join(name for name in PARAMETERS if name in names)
        raise ValueError(f"expected rtol and atol, or scale and factor and perhaps rtol, or ulp, found {found}")
